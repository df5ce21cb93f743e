"""Copies, bulletins, follow-ups and versions, told apart by their outlines."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text.likeness import likeness, likenesses, version_likeness
from pipeline.text.outline import outline
from tests.text.strange import strange_text

STORY = """सूरत। शहर की कपड़ा मिल रेशमधारा टेक्सटाइल्स ने 640 करोड़ रुपये में नया कारखाना लगाने का फैसला किया है।
कंपनी के अध्यक्ष भूपतराय वघासिया ने सोमवार को बताया कि कारखाना नवसारी में बनेगा और 3,100 लोगों को काम देगा।

इसके लिए 350 करोड़ रुपये का कर्ज लिया गया है और बाकी पैसा कंपनी अपने पास से लगाएगी। मशीनें जर्मनी और चीन से आएंगी।
पहला धागा अगले साल दिवाली तक निकलने की उम्मीद है। राज्य सरकार ने जमीन रियायती दर पर दी है।

मजदूर संगठनों ने मांग की है कि स्थानीय लोगों को पहले काम मिले। संगठन के सचिव रमेश राठवा ने कहा कि पिछली मिल में
वादा पूरा नहीं हुआ था। कंपनी ने जवाब में कहा कि सत्तर फीसदी भर्ती जिले से होगी।"""
PARAGRAPHS = STORY.split("\n\n")
BULLETIN = """{place} मंडी में सोमवार को {bags} बोरी गेहूं की आवक रही। गेहूं {low} से {high} रुपये और चना {gram} रुपये प्रति क्विंटल
बिका। मंडी सचिव ने बताया कि नीलामी सुबह नौ बजे शुरू की जा रही है और भुगतान सीधे बैंक खाते में किया जा रहा है। किसान अपनी उपज
सुखाकर और साफ करके लाएं ताकि उन्हें पूरा दाम मिले। अगले दो दिन मंडी बंद रहेगी और उसके बाद फिर नीलामी होगी।"""
NOTICE = """{place}। शीतलहर को देखते हुए {place} जिले के सभी सरकारी और निजी स्कूल कल बंद रहेंगे। जिलाधिकारी {person} ने इस संबंध में आदेश
जारी कर दिए हैं। आदेश में कहा गया है कि बच्चों की छुट्टी रहेगी, जबकि शिक्षक और कर्मचारी विद्यालय आएंगे। आदेश न मानने वाले विद्यालयों पर
कार्रवाई होगी। मौसम विभाग ने घने कोहरे की चेतावनी दी है और अभिभावकों से बच्चों को ठंड से बचाने की अपील की है।"""


def alike(one: str, other: str) -> float:
    return likeness(outline(one), outline(other))


@pytest.mark.parametrize(
    "copy",
    [
        "नवसारी में धागे का कारखाना\n\n" + STORY,
        "हमारे संवाददाता, नई दिल्ली। " + STORY + "\n\nयह खबर एजेंसी से ली गई है।",
        "\n\n".join(PARAGRAPHS[:2]),
        "\n\n".join([PARAGRAPHS[0], PARAGRAPHS[2], PARAGRAPHS[1]]),
        STORY.replace("रुपये", "रुपए").replace("वघासिया", "वाघासिया").replace("करोड़", "करोड"),
        STORY.replace("640", "६४०").replace("।", " ."),
        STORY.replace("बताया कि", "कहा कि", 1),
    ],
    ids=["headline", "own lines", "cut", "reordered", "spelling", "digits", "one word"],
)
def test_what_papers_do_to_agency_copy_leaves_it_the_same_story(copy: str) -> None:
    assert alike(STORY, copy) > 0.6


def test_two_bulletins_of_one_form_are_two_stories() -> None:
    monday = BULLETIN.format(place="कोटा", bags=12000, low=2410, high=2520, gram=5650)
    tuesday = BULLETIN.format(place="कोटा", bags=9500, low=2390, high=2485, gram=5710)
    assert alike(monday, monday) == 1.0
    assert alike(monday, tuesday) == 0.0


def test_one_telling_figure_in_the_place_of_another_is_too_much_though_all_others_agree() -> None:
    count = (
        "राज्य में अब तक कुल {} मामले हैं। {}जयपुर में 31, जोधपुर में 22, कोटा में 17, अजमेर में 14 और उदयपुर में 12 मरीज भर्ती हैं। "
    )
    count += "विभाग ने कहा है कि घर से बाहर निकलते समय सावधानी रखें और लक्षण दिखने पर पास के केंद्र में जांच कराएं। दवा सभी केंद्रों पर मुफ्त दी जाएगी।"
    noon, evening = count.format(149, ""), count.format(173, "विभाग के अनुसार इनमें से ज्यादातर ठीक हैं। ")
    assert alike(noon, noon.replace("149", "149 ")) == 1.0
    assert alike(noon, evening) == 0.0


def test_a_notice_for_another_place_is_another_story_though_it_has_no_figures() -> None:
    one = NOTICE.format(place="गोंडा", person="आलोक त्रिपाठी")
    other = NOTICE.format(place="उन्नाव", person="निशा सेंगर")
    assert alike(one, other) == 0.0


def test_a_follow_up_with_old_background_is_another_story() -> None:
    news = """रेशमधारा टेक्सटाइल्स के नए कारखाने पर अदालत ने रोक लगा दी है। याचिका में कहा गया था कि जमीन चरागाह की है और पंचायत से
    पूछा नहीं गया। न्यायमूर्ति एस के देसाई ने 12 हफ्ते में जवाब मांगा है। कंपनी के शेयर 8 फीसदी टूटकर 415 रुपये पर आ गए और विश्लेषकों ने
    देरी की आशंका जताई है। गांव वालों ने फैसले का स्वागत किया और मिठाई बांटी।"""
    assert alike(STORY, f"{news}\n\n{PARAGRAPHS[1]}") == 0.0


def test_a_few_words_are_never_a_copy() -> None:
    assert alike("सोना 400 रुपये महंगा हुआ", "सोना 400 रुपये महंगा हुआ है") == 0.0


def test_one_name_in_the_place_of_another_is_too_much_in_a_short_text() -> None:
    short = "पुणे की दवा कंपनी अमृत फार्मा ने कहा है कि उसका नया कारखाना अगले साल मार्च तक बनकर तैयार हो जाएगा और उसमें सौ लोग काम करेंगे"
    assert alike(short, short.replace("पुणे", "पुने")) > 0.9
    assert alike(short, short.replace("अमृत", "कमल")) == 0.0


def test_an_address_with_a_rewritten_story_holds_a_newer_version() -> None:
    grown = "640 नहीं, 700 करोड़ लगेंगे। " + STORY.replace("640", "700").replace("3,100", "3,500") * 2
    assert version_likeness(outline(STORY), outline(grown)) > 0.3
    assert version_likeness(outline(STORY), outline(NOTICE.format(place="गोंडा", person="आलोक"))) == 0.0


def test_a_file_name_alone_makes_no_version_of_a_bulletin_with_other_figures() -> None:
    one, other = (
        outline(BULLETIN.format(place="कोटा", bags=bags, low=low, high=low + 90, gram=2 * low))
        for bags, low in ((12000, 2411), (8100, 2533))
    )
    assert version_likeness(one, other, by_name=True) == 0.0
    assert version_likeness(one, other, by_name=True, by_day=True) > 0.5


@given(strange_text, strange_text)
@settings(max_examples=150, deadline=None)
def test_likeness_is_the_same_both_ways_and_a_share(one: str, other: str) -> None:
    there, back = (
        likeness(outline(one * 9), outline(other * 9)),
        likeness(outline(other * 9), outline(one * 9)),
    )
    assert there == back and 0.0 <= there <= 1.0


pieces = st.lists(st.sampled_from([*STORY.split("।"), "एक दो तीन", ""]), max_size=12).map("।".join)


@given(pieces, st.lists(pieces | st.just(STORY), max_size=6))
@settings(max_examples=150, deadline=None)
def test_the_likeness_to_one_of_many_is_the_likeness_to_it_alone(one: str, others: list[str]) -> None:
    outlines = [outline(other) for other in others]
    assert likenesses(outline(one), outlines) == [likeness(outline(one), other) for other in outlines]
