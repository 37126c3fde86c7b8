"""What NLLB calls the languages of XTREME and XTREME-R: codes of FLORES-200 (NLLB Team 2022, table 1).

Of a language with several varieties or scripts the one that XTREME's data are in, or the most spoken: Standard Arabic and
Malay, North Azerbaijani, Western Persian, Ayacucho Quechua, Chinese in simplified characters.
"""

TABLE = """
af afr_Latn  ar arb_Arab  az azj_Latn  bg bul_Cyrl  bn ben_Beng  de deu_Latn  el ell_Grek  en eng_Latn  es spa_Latn
et est_Latn  eu eus_Latn  fa pes_Arab  fi fin_Latn  fr fra_Latn  gu guj_Gujr  he heb_Hebr  hi hin_Deva  ht hat_Latn
hu hun_Latn  id ind_Latn  it ita_Latn  ja jpn_Jpan  jv jav_Latn  ka kat_Geor  kk kaz_Cyrl  ko kor_Hang  lt lit_Latn
ml mal_Mlym  mr mar_Deva  ms zsm_Latn  my mya_Mymr  nl nld_Latn  pa pan_Guru  pl pol_Latn  pt por_Latn  qu quy_Latn
ro ron_Latn  ru rus_Cyrl  sw swh_Latn  ta tam_Taml  te tel_Telu  th tha_Thai  tl tgl_Latn  tr tur_Latn  uk ukr_Cyrl
ur urd_Arab  vi vie_Latn  wo wol_Latn  yo yor_Latn  zh zho_Hans
"""
WORDS = TABLE.split()
FLORES = dict(zip(WORDS[::2], WORDS[1::2], strict=True))
