/** Countries and regions with a store for apps bought in volume, as ISO 3166 codes. */
export const countries =
  'AE AT AU BE BG BH BR CA CH CL CN CO CR CY CZ DE DK DO EC EE EG ES FI FR GB GR HK HR HU ID IE IL IN IS IT JO JP KR KW LB LT LU LV MT MX MY NL NO NZ OM PE PH PL PT QA RO SA SE SG SI SK TH TR TW US UY VN ZA'.split(
    ' ',
  )
