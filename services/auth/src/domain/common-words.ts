/** The words that the most common passwords are made of (leaked lists agree on these), the longest first. */
export const COMMON_WORDS: readonly string[] = `
  password passwort passw contrasena motdepasse iloveyou letmein welcome trustno dragon monkey sunshine princess football
  baseball basketball superman batman spiderman pokemon starwars michael jordan jessica jennifer ashley daniel andrew
  matthew joshua thomas robert nicole hannah amanda charlie william chelsea liverpool arsenal barcelona juventus
  yankees cowboys lakers eagles steelers mustang corvette ferrari porsche mercedes harley killer hunter hockey soccer
  tigger shadow master secret access hello freedom whatever computer internet samsung google facebook apple windows
  microsoft admin administrator root login user guest default changeme change test temp summer winter spring autumn
  january february march april june july august september october november december monday tuesday wednesday thursday
  friday saturday sunday london berlin paris newyork america england germany love lovely angel baby babygirl flower
  butterfly cookie chocolate pepper ginger buster maggie bailey purple yellow orange banana cheese matrix ninja
  zaq1zaq1 zaq12wsx 1qaz2wsx qazwsx correct horse battery staple genai platform`
  .split(/\s+/)
  .filter((word) => word !== '')
  .sort((a, b) => b.length - a.length);
