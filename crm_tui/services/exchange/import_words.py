"""How files name the columns of a field, in English, Russian, Ukrainian and Kazakh: folded, apart by ``|``."""

WORDS: dict[str, str] = {
    "first_name": "given name|имя|first|ім'я|імя|есімі|аты|firstname|forename",
    "middle_name": "middle name|additional name|отчество|по батькові|әкесінің аты|middle|second name",
    "last_name": "surname|family name|фамилия|прізвище|тегі|lastname|last",
    "email": """\
email|e mail|mail|e mail address|email address|primary email|secondary email|e mail value|email value
почта|эл почта|электронная почта|электронный адрес|емейл|имейл|адрес электронной почты|пошта
електронна пошта|електронна адреса|ел пошта|пошта email|адреса електронної пошти|электрондық пошта
эл пошта|емайл|e mail адрес|email адрес|эл адрес""",
    "phone": """\
telephone|tel|phone number|phone value|work phone|business phone|home phone|mobile phone|mobile|cell
cell phone|mobile number|other phone|primary phone|company main phone|car phone|phones
telephone number|телефон|телефоны|тел|моб|мобильный|сотовый|мобильный телефон|рабочий телефон
домашний телефон|контактный телефон|номер телефона|телефон моб|телефон раб|сот|основной телефон
другой телефон|телефон рабочий|телефон мобильный|мобільний|мобільний телефон|робочий телефон
номер телефону|контактний телефон|телефони|ұялы телефон|телефон нөмірі|ұялы|байланыс телефоны
жұмыс телефоны""",
    "web": """\
website|web site|url|site|web|homepage|web page|website value|business web page|personal web page
сайт|веб сайт|веб страница|интернет сайт|веб сторінка|вебсайт""",
    "messenger": """\
im|telegram|whatsapp|viber|skype|телеграм|ватсап|вайбер|скайп|мессенджер|месенджер|icq|im value
screen name""",
    "notes": """\
note|comment|comments|description|remarks|примечание|примечания|заметки|заметка|комментарий
комментарии|описание|примітка|примітки|нотатки|коментар|опис|ескерту|ескертпе|түсініктеме|пікір""",
    "owner": """\
responsible|manager|sales agent|assigned to|ответственный|менеджер|владелец|куратор|відповідальний
жауапты|sales rep|account owner|deal owner|salesperson""",
    "role": "title|job title|position|occupation|organization title|должность|посада|лауазым|лауазымы|роль",
    "address": """\
addresses|postal address|mailing address|address formatted|формат адреса|адрес|почтовый адрес
юридический адрес|фактический адрес|поштова адреса|адреса|мекенжай|мекен жай|мекенжайы""",
    "street": """\
address street|business street|home street|other street|home address|work address|business street 2
home street 2|улица|вулиця|көше|көшесі""",
    "zip": """\
zip code|zipcode|postal code|post code|address postal code|business postal code|home postal code
home zipcode|work zipcode|индекс|почтовый индекс|індекс|поштовий індекс|пошта индексі""",
    "city": """\
town|location|address city|business city|home city|work city|locality|office location|город
населенный пункт|місто|населений пункт|қала|қаласы""",
    "region": """\
state|province|address region|business state|home state|work state|область|регион|край|обл|облыс
облысы|регіон""",
    "country": """\
address country|business country|business country region|home country|work country|country region
страна|країна|ел|елі|мемлекет""",
    "birthday": """\
birth date|date of birth|bday|birthdate|день рождения|дата рождения|др|день народження
дата народження|туған күні|туған күн""",
    "birth_year": "год рождения|рік народження",
    "birth_month": "месяц рождения|місяць народження",
    "source": """\
lead source|campaign|channel|источник|кампания|канал|источник лида|джерело|кампанія|дереккөз
қайнар көзі""",
    "person": """\
full name|display name|contact|contact name|person|contact person|lead|lead name|фио|ф и о
имя и фамилия|полное имя|контакт|контактное лицо|лид|піб|п і б|повне ім'я|контактна особа
контактна особа піб|аты жөні|толық аты|байланыс тұлғасы|file as|представитель|сотрудник""",
    "firm": "наименование|название|найменування|назва|атауы|full name|фио|піб|display name|контрагент наименование",
    "kind": "type|customer type|вид|тип|тип клиента|тип клієнта|түрі",
    "status": "customer status|статус|мәртебе|мәртебесі",
    "tax_number": """\
tax id|vat|vat number|inn|bin|iin|edrpou|инн|бин|иин|бин иин|иин бин|инн кпп|эдрпоу|єдрпоу|іпн|жсн
бсн|унп|код єдрпоу""",
    "activity": """\
industry|sector|отрасль|сфера деятельности|вид деятельности|деятельность|галузь|сфера діяльності|сала
қызмет саласы""",
    "lead_purpose": "interest|интерес|цель|потребность|запрос|мета|потреба|мақсат|мақсаты|что нужно",
    "interest": """\
title|deal|deal name|opportunity|opportunity name|opportunity id|interest|subject|сделка|название
название сделки|наименование|тема|назва|назва угоди|угода|мәміле|атауы|мәміле атауы""",
    "company": """\
company|company name|organization|organisation|organization name|organization 1 name|account
account name|firm|customer|client|employer|компания|организация|фирма|предприятие|контрагент|клиент
заказчик|название компании|наименование организации|место работы|компанія|організація|підприємство
фірма|клієнт|замовник|назва компанії|ұйым|компания атауы|кәсіпорын|тапсырыс беруші""",
    "contact": """\
contact|contact name|contact person|person|контакт|контактное лицо|контактна особа|байланыс тұлғасы
фио""",
    "scenario": "pipeline|воронка|сценарий|процесс|воронка продаж|сценарій|сценарийі",
    "state": """\
stage|deal stage|status|sales stage|этап|стадия|состояние|статус|этап сделки|стадия сделки|етап
стадія|стан|кезең|кезеңі|күйі""",
    "amount": """\
value|close value|deal value|sum|total|price|budget|сумма|бюджет|стоимость|сумма сделки|сума|вартість
сома|сомасы|құны""",
    "currency": "валюта",
    "product": "products|item|товар|продукт|услуга|товары|послуга|тауар|өнім",
    "probability": "вероятность|імовірність|ймовірність|ықтималдық",
    "created": """\
created at|created on|engage date|opened|date|дата создания|создана|создано|дата|дата створення
құрылған күні|күні""",
    "closed": "close date|closed at|closed on|дата закрытия|закрыта|дата закриття|жабылған күні",
    "expected_close": "expected close date|ожидаемое закрытие|план закрытия|очікуване закриття|дата завершения",
    "close_reason": "lost reason|loss reason|reason lost|причина отказа|причина|причина відмови|себебі",
    "short_status": "кратко|next step|следующий шаг|коротко",
    "terms": "условия|умови|шарттар|description|описание|notes|примечание|комментарий",
    "purpose": "цель|мета|мақсат",
}
