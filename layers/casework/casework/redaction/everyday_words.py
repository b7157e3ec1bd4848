"""The words of the English list that letters to a bank or an exchange are full of: one in five of it.

Two of twelve words drawn at random are among them. Of twelve in a row that somebody happened to write, most are.
"""

from __future__ import annotations

_WORDS = (
    "able about access account across act action actual add address advance again agent agree all allow almost already"
    " also always amount another answer any area around arrange arrive ask aware away balance because become before begin"
    " below best better between business buyer call can cancel capital car card case cash certain change charge check"
    " choose claim close code come company confirm control copy correct cost country couple credit current damage day deal"
    " debate december decide decline deliver demand deny deposit detail device differ direct document door during early"
    " easy effort either end enough ensure enter entire error exact exchange expect expire explain extra family february"
    " federal fee feel few file final find fine first follow forward found front future general give good great group half"
    " hard have head help high history hold home hope hour hundred husband identify improve include income increase inform"
    " initial input inquiry inside interest into invest issue item job just keep key kind know large later law leave left"
    " legal letter level life like limit link list little live loan local lock long mail main major make man manage market"
    " match matter mean member mention message method middle minute miss mistake mobile moment month more morning mother"
    " move much must name near need negative never next night normal note nothing notice now number october off offer"
    " office often okay old once one only open option order original other outside over own owner page paper parent party"
    " pass people perfect permit person phone place please point police position possible post present prevent price print"
    " private problem process program promote proof property protect proud provide public purchase purpose push put"
    " question quick rate rather ready real reason recall receive record reduce refuse regular release rely remain"
    " remember remind remove repair repeat replace report require response result return review right room round rule run"
    " safe same save say scan school screen search second secret section security seed seek select sell sense sentence"
    " series service settle seven share ship shop short side sign similar simple since six small someone soon sorry sort"
    " speak special spend staff stage start state stay still submit success such sudden suggest supply sure suspect system"
    " table talk team tell ten term test text thank that then there they thing this thought three ticket time title today"
    " together tomorrow tonight top total toward track trade transfer travel treat trouble true trust try turn twelve"
    " twenty twice two type unable under unique until update upon use used useful usual valid various vehicle verify very"
    " view visit voice wage wait walk want waste way web weekend welcome what when where wide wife will wish word work"
    " world worry worth write wrong year you young"
)
COMMON = frozenset(_WORDS.split())
