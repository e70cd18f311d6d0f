import type { Config } from '../../config.ts'
import type { Letter } from '../../mail/mailer.ts'

/** Whose letters these are. */
export type Site = Pick<Config, 'siteName' | 'frontendBaseUrl' | 'auth'>
type Locale = 'zh' | 'en'

/** After registering. */
export function welcomeLetter(site: Site, to: string, locale: Locale): Letter {
  const { siteName, frontendBaseUrl } = site
  const texts = {
    zh: {
      subject: `${siteName} - 注册成功`,
      text: `您好！\n\n您已成功注册 ${siteName} 账号，现在可以登录使用：\n${frontendBaseUrl}\n\n如果这不是您本人的操作，请忽略此邮件。\n`,
    },
    en: {
      subject: `${siteName} - Welcome`,
      text: `Hello,\n\nyour ${siteName} account is ready. You can log in here:\n${frontendBaseUrl}\n\nIf it was not you who registered, please ignore this message.\n`,
    },
  }
  return { kind: 'welcome', to, ...texts[locale] }
}

/** With the link that sets a new password: whoever has this letter has the account. */
export function resetLetter(site: Site, to: string, locale: Locale, token: string): Letter {
  const { siteName } = site
  const link = passwordLink(site, token)
  const minutes = Math.round(site.auth.resetTokenTtlSeconds / 60)
  const texts = {
    zh: {
      subject: `${siteName} - 重置密码`,
      text: `您好！\n\n请在 ${minutes} 分钟内打开以下链接设置新密码，链接只能使用一次：\n${link}\n\n如果您没有申请重置密码，请忽略此邮件，您的密码不会改变。\n`,
    },
    en: {
      subject: `${siteName} - Reset your password`,
      text: `Hello,\n\nopen this link within ${minutes} minutes to choose a new password. It works once:\n${link}\n\nIf you did not ask for this, please ignore this message: your password stays as it is.\n`,
    },
  }
  return { kind: 'reset', to, ...texts[locale] }
}

/** To whom an account was made for, with the link that sets its first password. */
export function accountLetter(site: Site, to: string, locale: Locale, token: string, hours: number): Letter {
  const { siteName } = site
  const link = passwordLink(site, token)
  const texts = {
    zh: {
      subject: `${siteName} - 您的账号`,
      text: `您好！\n\n管理员已为您开通 ${siteName} 账号。请在 ${hours} 小时内打开以下链接设置密码，链接只能使用一次：\n${link}\n\n如果您不知道这是什么，请忽略此邮件。\n`,
    },
    en: {
      subject: `${siteName} - Your account`,
      text: `Hello,\n\nan account of ${siteName} was made for you. Open this link within ${hours} hours to choose its password. It works once:\n${link}\n\nIf you do not know what this is, please ignore this message.\n`,
    },
  }
  return { kind: 'account', to, ...texts[locale] }
}

/** After the password was changed: its owner must hear of it, in case it was somebody else. */
export function resetDoneLetter(site: Site, to: string, locale: Locale): Letter {
  const { siteName, frontendBaseUrl } = site
  const texts = {
    zh: {
      subject: `${siteName} - 密码重置成功`,
      text: `您好！\n\n您的 ${siteName} 账号密码刚刚已被重置，请使用新密码登录：\n${frontendBaseUrl}\n\n如果这不是您本人的操作，请立即申请重置密码。\n`,
    },
    en: {
      subject: `${siteName} - Your password was changed`,
      text: `Hello,\n\nthe password of your ${siteName} account has just been changed. Log in with the new one:\n${frontendBaseUrl}\n\nIf it was not you, ask for a password reset at once.\n`,
    },
  }
  return { kind: 'reset-done', to, ...texts[locale] }
}

/** To the address that was the account's until now: its owner must hear of it, in case it was somebody else. */
export function emailChangedLetter(site: Site, to: string, locale: Locale): Letter {
  const { siteName, frontendBaseUrl } = site
  const texts = {
    zh: {
      subject: `${siteName} - 邮箱已更改`,
      text: `您好！\n\n您的 ${siteName} 账号刚刚不再使用此邮箱：\n${frontendBaseUrl}\n\n如果这不是您本人的操作，请立即联系网站管理员。\n`,
    },
    en: {
      subject: `${siteName} - Your e-mail address was changed`,
      text: `Hello,\n\nyour ${siteName} account no longer uses this e-mail address:\n${frontendBaseUrl}\n\nIf it was not you who changed it, tell the site's administrator at once.\n`,
    },
  }
  return { kind: 'email-changed', to, ...texts[locale] }
}

/** `both` serves pages that look for the token in the query and those that look behind the `#`. */
export function passwordLink({ frontendBaseUrl, auth }: Omit<Site, 'siteName'>, token: string): string {
  const query = auth.resetLink === 'fragment' ? '' : `?token=${token}`
  const fragment = auth.resetLink === 'query' ? '' : `#token=${token}`
  return `${frontendBaseUrl}/reset_password${query}${fragment}`
}
