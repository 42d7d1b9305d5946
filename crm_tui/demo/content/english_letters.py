"""What English letters of the demo company say, step by step."""

from crm_tui.demo.content.language import Step

STEPS: dict[str, Step] = {
    "inquiry": (
        (
            "We are extending our plant in {city} and need the following: {product}, {qty} {unit}.",
            "Our old unit is beyond repair, so we are looking for a replacement: {product}, {qty} {unit}.",
            "A colleague at a neighbouring site recommended you. We would need {product}, {qty} {unit}.",
            "We spoke at the trade fair in spring; now the budget is approved. Please quote for {product},"
            " {qty} {unit}.",
        ),
        (
            "Could you send us a price with delivery to {city}, and say how soon it can leave your warehouse?",
            "Please quote including commissioning. We would like to decide before {date}.",
            "What would be the price, the lead time and the terms of payment?",
        ),
    ),
    "offer": (
        (
            "Thank you for your enquiry. Our quotation No. {number} is attached: {product}, {qty} {unit} at"
            " {price} each, {total} in total.",
            "It was good to hear from you. Please find quotation No. {number} attached. For {qty} {unit} the"
            " total comes to {total}.",
            "I have put together quotation No. {number} for you: {product}, {qty} {unit}, {total} including"
            " delivery to {city}.",
        ),
        (
            "The goods are in stock and can be shipped within five working days of payment. The price holds"
            " until {date}.",
            "Lead time is three weeks. Commissioning by our engineer takes one day and is included.",
            "If you order before {date}, we will hold the present price and reserve the goods for you.",
        ),
    ),
    "question": (
        (
            "Thank you, the quotation arrived. Our chief engineer has one question: will it fit the existing"
            " 65 mm flanges, or do we need adapters?",
            "We have looked at your offer. Is a start-up kit included, or is it ordered separately?",
            "Your price is slightly above what we had planned. Would a discount be possible at {qty} {unit}?",
        ),
        (
            "And how long is the warranty if your engineer does the commissioning?",
            "We could pay half in advance and the rest on delivery. Would that suit you?",
            "A short phone call would help. I am in the office until four.",
        ),
    ),
    "answer": (
        (
            "Good question. It fits 65 mm flanges directly, no adapters are needed.",
            "The start-up kit is included: cable, two filters and a set of seals.",
            "I have talked to our director. We can take three per cent off if the order comes this month.",
        ),
        (
            "The warranty is 24 months with our commissioning and 12 months without it.",
            "Half in advance and half on delivery is fine; I will put it into the contract.",
            "I will ring you tomorrow at ten so that we can go through the drawing together.",
        ),
    ),
    "order": (
        (
            "We have decided: please take this letter as our order against quotation No. {number}.",
            "Management has agreed. We order {product}, {qty} {unit}, as quoted.",
            "All right, let us go ahead with quotation No. {number}.",
        ),
        (
            "Please send the contract and the invoice. The delivery address is our site in {city}.",
            "Please invoice the usual details. We would like the goods by {date}.",
        ),
    ),
    "invoice": (
        (
            "Thank you for the order! Invoice No. {number} for {total} is attached together with the contract.",
            "We have entered your order. Attached are invoice No. {number} and two copies of the contract.",
        ),
        (
            "As soon as the payment arrives, we pack and ship. The carrier will ring you the day before.",
            "Please sign one copy and send back a scan; the original can travel with the driver.",
        ),
    ),
    "paid": (
        (
            "We paid invoice No. {number} today; the payment order is attached.",
            "Good news from accounts: {total} left our bank this morning.",
        ),
        (
            "When may we expect the truck?",
            "Please tell us the number plate of the truck beforehand, our gate needs it.",
        ),
    ),
    "shipped": (
        (
            "The payment has arrived, thank you. Your goods left the warehouse today and should be in {city}"
            " on {date}.",
            "Everything is packed: {product}, {qty} {unit}. The carrier promises delivery to {city} by {date}.",
        ),
        (
            "Please check the packaging before you sign the delivery note.",
            "Our engineer is free for commissioning from the day after delivery. Which day suits you?",
        ),
    ),
    "thanks": (
        (
            "Everything arrived in good order and is already running. Thank you for the smooth work!",
            "Delivered and installed. Your engineer did a very good job, please pass on our thanks.",
        ),
        (
            "In spring we plan the second stage and will be in touch.",
            "I have also given your number to our sister company.",
        ),
    ),
    "reminder": (
        (
            "I wanted to ask whether you have had a chance to look at our quotation No. {number}.",
            "Just a short reminder of quotation No. {number}: the price holds until {date}.",
        ),
        (
            "If something in it does not suit you, tell me, and we shall find another option.",
            "Shall I ring you this week?",
        ),
    ),
    "refusal": (
        (
            "Thank you for your patience. We have decided for another supplier this time, mainly because of"
            " the price.",
            "Unfortunately the project has been put off to next year, there is no budget for it now.",
        ),
        (
            "Your offer was clear and complete, and we will gladly ask you again.",
            "Please keep us on your list; we will come back to it in the new year.",
        ),
    ),
    "request": (
        (
            "Since this morning our {product} has been switching itself off after about ten minutes.",
            "We hear a metallic noise when the {product} starts, and the bearing gets hot.",
            "Water drips from under the {product}, about a glass an hour.",
            "It is time for the yearly maintenance of the {product}.",
        ),
        (
            "Could somebody come and look at it? The site in {city} is open from seven to seven.",
            "Production stands still, so please treat it as urgent.",
            "The serial number is {number}. The unit is still under warranty.",
        ),
    ),
    "taken": (
        (
            "Thank you for letting us know. Your request is registered under No. {number}.",
            "We have your request, it is number {number} with us.",
        ),
        (
            "Please switch the unit off until the engineer has looked at it.",
            "An engineer will ring you within two hours to agree on a time.",
        ),
    ),
    "visit": (
        (
            "Our engineer can be in {city} on {date} between nine and eleven.",
            "We have planned the visit for {date}. Two people will come with all spare parts.",
        ),
        (
            "Please make sure that the room is accessible and the power can be cut.",
            "Does that suit you?",
        ),
    ),
    "confirmed": (
        (
            "The time suits us, we are expecting your engineer.",
            "Agreed. Our shift foreman will meet you at the gate.",
        ),
    ),
    "report": (
        (
            "The work on request No. {number} is done: the seals were replaced and the unit has run under load"
            " for an hour. The report is attached.",
            "The visit is over, everything works. Attached is the report on request No. {number}.",
        ),
        (
            "We recommend replacing the filter cartridge within three months.",
            "There is nothing to pay, the repair is covered by the warranty.",
        ),
    ),
    "satisfied": (
        (
            "Thank you, it runs quietly again.",
            "Much obliged for the quick help! The signed report will follow by post.",
        ),
    ),
}
