// As earlier systems stored them: by argon2-cffi 25.1 with its defaults, and by Python's bcrypt.
export const argon2cffi =
  '$argon2id$v=19$m=65536,t=3,p=4$oiq3kADrb1nTYqKS/FQS4w$v/abNhRN3I0P9Zx2xdZ/16dFoBesfA1d01eqojc8SuM'
export const bcrypt = '$2b$10$UmB.iorlKw9rP2kIcls/Oenk/UyPUDqjJZkUKGAoD6XNBH3Tuy6xW'
/** Of today's strength, but computed in four lanes. */
export const fourLanes =
  '$argon2id$v=19$m=19456,t=2,p=4$uXDImgQ4MGcu0G45X9KSPA$b37azeqtw9JZb5Z5hh2U/lVBuat4Yg83abki/WbOKHU'
export const passwordOfOldHashes = 'vexing-7'

/** bcrypt of `x7` forty times, of which it took the first 72 bytes. */
export const bcryptOf72Bytes = '$2b$04$768i2nu3JLe2Uc94tlcfIuxToRA2NcGeGxiyQc3PINnzu9jXTQO5W'
