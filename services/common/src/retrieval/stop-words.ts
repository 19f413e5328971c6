/**
 * Function words by language (ISO 639-1): articles, pronouns, prepositions, conjunctions, auxiliaries. Short on
 * purpose: a word that may carry a question ("against", "without", "new", "first") costs more when it is missing than
 * its postings do. Languages without a list index every word.
 */
const LISTS: Readonly<Record<string, string>> = {
  en: `a about above after again all also although am among an and another any are aren't as at be because been before
    being below between both but by can cannot could couldn't did didn't do does doesn't doing don't down during each
    either etc every few for from further had has have haven't having he her here hers herself him himself his how
    however i i'd i'm i've if in into is isn't it it's its itself just may me might more most much must my myself
    neither no nor not of off on once only onto or other our ours ourselves out over own per rather same shall she
    should since so some such than that that's the their theirs them themselves then there therefore these they this
    those though through thus to too under until up upon us very via was wasn't we were what when where whether which
    while who whom whose why will with within would you your yours yourself yourselves`,
  de: `aber als am an auch auf aus bei bin bis bist da damit das dass dein dem den der des die dies diese dieser dieses
    doch du durch ein eine einem einen einer eines er es euer für hat hatte hier ich ihm ihn ihr ihre im in ist ja kann
    kein keine man mein mich mir mit muss nach nicht noch nur ob oder ohne sehr sein seine sich sie sind so über um und
    uns unser unter vom von vor war was wenn wer werden wie wir wird zu zum zur`,
  fr: `à ai au aux avec c ce ces cet cette d dans de des du elle elles en est et été être eu eux il ils j je l la le les
    leur leurs lui m ma mais me même mes mon n ne nos notre nous on ont ou où par pas pour qu que qui s sa sans se ses
    si son sont sur t ta te tes toi ton tu un une vos votre vous y`,
  es: `a al algo ante como con contra cual cuando de del desde donde durante e el ella ellas ellos en entre era es esa
    ese eso esta está este esto estos fue ha han hasta hay la las le les lo los me mi mis mucho muy más nada ni no nos
    nosotros o os otra otro para pero por porque que quien qué se ser si sin sobre son su sus también te tiene todo tu
    tus un una uno y ya yo él`,
  it: `a ad agli ai al alla alle allo anche che chi ci come con contro cui da dagli dai dal dalla dalle dei del della
    delle dello di dove e è ed era essere fra gli ha hanno i il in io l la le lei lo loro lui ma mi mia mio ne negli
    nei nel nella nelle noi non nostro o per perché più quale quando quella quello questa questo se si sia sono su sua
    sui sul sulla suo ti tra tu un una uno voi`,
  pt: `a ao aos as às até com como da das de dela dele do dos e é ela elas ele eles em entre era essa esse esta está
    este eu foi há isso isto já lhe mais mas me mesmo meu minha muito na não nas nem no nos nós o os ou para pela pelo
    por qual quando que quem se sem ser seu seus só sua suas são também te tem um uma você à`,
  nl: `aan al als bij daar dan dat de der deze die dit doch door een en er ge geen had heb hebben heeft hem het hier hij
    hoe hun ik in is ja je kan me meer men met mij mijn na naar niet nog nu of om onder ons ook op over te tegen toch
    toen tot u uit uw van veel voor want waren was wat we wel werd wie wij worden zal ze zelf zich zij zijn zo zonder`,
  sv: `alla allt att av blev bli de dem den denna deras dess det detta dig din du där då efter ej eller en er ett för
    från ha hade han hans har henne hennes hon honom hur här i icke inom inte jag kan kunde man med mellan men mig min
    mot mycket ni nu när någon något några och om oss på samma sedan sig sin sitta själv skulle som så till under upp
    ut utan vad var vara varför vi vid vilken är över`,
  da: `af alle at blev bliver da de dem den denne der deres det dette dig din disse du efter eller en end er et for fra
    ham han hans har havde hende hendes her hos hun hvad hvis hvor i ikke ind jeg jo kan man med meget men mig min mod
    når og også om op os over på selv sig skal som så til ud under var vi vil være`,
  no: `alle at av ble bli både da de dem den denne der deres det dette din disse du eller en er et etter for fordi fra
    før ha hadde han hans har henne her hun hva hvem hvis hvor i ikke inn ja jeg kan man med meg men mer min mot mye nå
    når og også om opp oss over på seg selv si sin skal som så til ut var ved vi vil være`,
  fi: `ei eli emme en ette eivät ett että hän he hänen heidän ja jo joka jos jotka kanssa koska kuin kun me mikä minä
    minun mutta myös ne niin nyt oli olla olen olet on ovat sekä se sen siellä sinä siinä tai tämä te tuo vaan vai vain`,
  ru: `а без был была были было быть в вам вас во вот все всё вы да для до его ее её если есть еще ещё же за и из или им
    их к как когда кто ли мне мы на над не него нет но ну о об он она они оно от по под при с со так там то того тоже
    только ты у уже чего что чтобы это этот эта эти я`,
};

/** The stop words of a language; none for a language without a list. */
export function stopWords(language: string): ReadonlySet<string> {
  return new Set((LISTS[language] ?? '').split(/\s+/).filter((word) => word !== ''));
}
