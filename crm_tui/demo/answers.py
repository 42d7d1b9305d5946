"""What people outside answer to a letter that the demo's user really sends."""

TEXTS = {
    "en": (
        "Hello,\n\nThank you, that was quick. I will show it to my manager today and come back to you"
        " by the end of the week.\n\nBest regards,\n{name}\n{company}",
        "Good afternoon,\n\nReceived, thank you. One question: is the delivery included in the price, or do we"
        " arrange the truck ourselves?\n\nKind regards,\n{name}\n{company}",
        "Hi,\n\nWe agree. Please send the invoice, our accounts department pays on Thursdays.\n\n"
        "Regards,\n{name}\n{company}",
        "Hello,\n\nCould we talk about it on the phone? I am in the office tomorrow from ten to twelve.\n\n"
        "Regards,\n{name}\n{company}",
    ),
    "ru": (
        "Здравствуйте!\n\nСпасибо за быстрый ответ. Сегодня покажу руководителю и до конца недели вернусь"
        " с решением.\n\nС уважением,\n{name}\n{company}",
        "Добрый день!\n\nПолучили, спасибо. Один вопрос: доставка входит в цену или машину заказываем мы?\n\n"
        "С уважением,\n{name}\n{company}",
        "Добрый день!\n\nУсловия подходят. Выставляйте счёт, бухгалтерия платит по четвергам.\n\n"
        "С уважением,\n{name}\n{company}",
        "Здравствуйте!\n\nДавайте обсудим по телефону. Завтра с десяти до двенадцати я на месте.\n\n"
        "{name}\n{company}",
    ),
    "uk": (
        "Добрий день!\n\nДякую за швидку відповідь. Сьогодні покажу керівникові й до кінця тижня повернуся"
        " з рішенням.\n\nЗ повагою,\n{name}\n{company}",
        "Добрий день!\n\nОтримали, дякуємо. Одне запитання: доставка входить у ціну чи машину замовляємо ми?\n\n"
        "З повагою,\n{name}\n{company}",
        "Вітаю!\n\nУмови підходять. Виставляйте рахунок, бухгалтерія платить щочетверга.\n\n"
        "З повагою,\n{name}\n{company}",
        "Добрий день!\n\nОбговорімо телефоном. Завтра з десятої до дванадцятої я на місці.\n\n{name}\n{company}",
    ),
    "kk": (
        "Сәлеметсіз бе!\n\nЖылдам жауабыңызға рахмет. Бүгін басшыма көрсетемін, апта соңына дейін"
        " шешімін айтамын.\n\nҚұрметпен,\n{name}\n{company}",
        "Қайырлы күн!\n\nХатыңызды алдық, рахмет. Бір сұрақ: жеткізу бағаға кіре ме, әлде көлікті"
        " өзіміз жалдаймыз ба?\n\nҚұрметпен,\n{name}\n{company}",
        "Сәлеметсіз бе!\n\nШарттарыңызға келісеміз. Шот жіберіңіз, бухгалтерия бейсенбі күндері төлейді.\n\n"
        "Құрметпен,\n{name}\n{company}",
        "Қайырлы күн!\n\nТелефон арқылы сөйлесейік. Ертең сағат оннан он екіге дейін орнымдамын.\n\n"
        "{name}\n{company}",
    ),
}


def answer_text(language: str, count: int, name: str, company: str) -> str:
    """The answer number ``count`` of the demo, in the person's language."""
    texts = TEXTS[language]
    return texts[count % len(texts)].format(name=name, company=company)
