import { computed, effect, signal } from '@preact/signals'

export type Language = 'zh' | 'en'

/** The language of the page: what was chosen here before, else what the browser asks for. */
export const language = signal<Language>(storedLanguage() ?? browserLanguage())

/** All texts in the current language. A key missing in one language does not compile. */
export const texts = computed(() => allTexts[language.value])

effect(() => {
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en'
})

export function chooseLanguage(next: Language): void {
  localStorage.setItem('language', next)
  language.value = next
}

function storedLanguage(): Language | null {
  const stored = localStorage.getItem('language')
  return stored === 'zh' || stored === 'en' ? stored : null
}

function browserLanguage(): Language {
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

const en = {
  email: 'E-mail',
  emailHint: 'Your phone number or user name works too.',
  password: 'Password',
  newPassword: 'New password',
  passwordHint: '8 to 128 characters; at least two of letters, digits and other characters.',
  displayName: 'Display name (optional)',
  message: 'Message',
  messagePlaceholder: 'Ask anything',
  send: 'Send',
  stop: 'Stop',
  newChat: 'New chat',
  logIn: 'Log in',
  logOut: 'Log out',
  register: 'Register',
  noAccount: 'No account yet?',
  haveAccount: 'Already have an account?',
  forgotPassword: 'Forgot your password?',
  forgotTitle: 'Reset your password',
  forgotIntro: 'We will send you a link with which you can choose a new password.',
  forgotSent:
    'If there is an account with this address, a letter is on its way. The link in it works for a short time.',
  sendLink: 'Send the link',
  resetTitle: 'Choose a new password',
  resetDone: 'Your password has been changed. Please log in.',
  resetNoToken: 'This link is incomplete. Please ask for a new one.',
  savePassword: 'Save the password',
  backToChat: 'Back to the chat',
  greeting: 'What can I do for you?',
  greetingHint: 'Answers come as they are written, and what was said before is remembered.',
  demoNotice: 'A demo model is answering. The operator can connect a real one with a key in the settings.',
  you: 'You',
  assistant: 'Assistant',
  conversation: 'Conversation',
  thinking: 'Thinking…',
  stopped: 'Stopped.',
  cutOff: 'The answer was cut off. What arrived is kept.',
  copy: 'Copy',
  copied: 'Copied',
  tryAgain: 'Try again',
  languageSwitch: '中文',
  offline: 'No connection. Please try again when you are online.',
  loginNeeded: 'Please log in to chat here.',
  busy: 'Too many requests. Please wait a moment.',
  modelUnavailable: 'The model is unavailable at the moment. Please try again.',
  serviceUnavailable: 'The service is unavailable at the moment. Please try again soon.',
  tooLong: 'The message is too long: at most 4,000 characters.',
  wrongCredentials: 'The name or the password is not right.',
  emailTaken: 'This e-mail address already has an account.',
  emailInvalid: 'Please enter a valid e-mail address.',
  passwordWeak: 'This password is too weak, or too well known. Please choose another.',
  linkInvalid: 'This link is no longer valid. Please ask for a new one.',
  reconnecting: 'The connection is lost. Trying to reach the server again…',
  continueAnswer: 'Continue',
  earlier: 'Earlier messages',
  recent: 'Recent conversations',
  untitled: 'Untitled',
  interrupted: 'The answer was interrupted. What arrived is kept.',
  lengthReached: 'The answer has reached its greatest length.',
  modelTooSlow: 'The model has stopped answering.',
  answerTooSlow: 'The answer took too long and was ended.',
  turnRunning: 'An answer is still being written here.',
  tooManyTurns: 'Several answers are still being written for you. Please wait for one of them.',
  quotaExceeded: 'Your allowance is used up.',
  messageTooLong: 'The message is too long.',
  conversationGone: 'This conversation is not there any more.',
  sessionEnded: 'Your session has ended. Log in again to go on; nothing is lost.',
  conversationNeedsLogIn: 'Log in to see this conversation.',
  shareGone: 'There is nothing to see behind this link, or not any more.',
  sharedBy: 'Shared by',
  sharer: 'Question',
  continueCopy: 'Continue in a copy of my own',
  copyNeedsLogIn: 'Log in to continue in a copy of your own.',
  failed: 'Something went wrong. Please try again.',
}

const zh: typeof en = {
  email: '邮箱',
  emailHint: '也可以使用手机号或用户名。',
  password: '密码',
  newPassword: '新密码',
  passwordHint: '8 至 128 个字符，至少包含字母、数字、其他字符中的两类。',
  displayName: '昵称（可选）',
  message: '消息',
  messagePlaceholder: '想问点什么？',
  send: '发送',
  stop: '停止',
  newChat: '新对话',
  logIn: '登录',
  logOut: '退出登录',
  register: '注册',
  noAccount: '还没有账号？',
  haveAccount: '已有账号？',
  forgotPassword: '忘记密码？',
  forgotTitle: '重置密码',
  forgotIntro: '我们会给你发送一个链接，用它可以设置新密码。',
  forgotSent: '如果该邮箱已注册，重置邮件已经发出。邮件中的链接短时间内有效。',
  sendLink: '发送链接',
  resetTitle: '设置新密码',
  resetDone: '密码已修改，请登录。',
  resetNoToken: '链接不完整，请重新申请。',
  savePassword: '保存密码',
  backToChat: '返回对话',
  greeting: '有什么可以帮你？',
  greetingHint: '回答会逐字显示，之前说过的话都会记得。',
  demoNotice: '当前由演示模型回答。管理员在设置中填入密钥即可接入真实模型。',
  you: '你',
  assistant: '助手',
  conversation: '对话',
  thinking: '思考中…',
  stopped: '已停止。',
  cutOff: '回答中断，已收到的内容已保留。',
  copy: '复制',
  copied: '已复制',
  tryAgain: '重试',
  languageSwitch: 'English',
  offline: '网络未连接，请联网后重试。',
  loginNeeded: '请先登录再开始对话。',
  busy: '请求过于频繁，请稍候。',
  modelUnavailable: '模型暂时不可用，请重试。',
  serviceUnavailable: '服务暂时不可用，请稍后重试。',
  tooLong: '消息过长，最多 4000 个字符。',
  wrongCredentials: '账号或密码不正确。',
  emailTaken: '该邮箱已注册。',
  emailInvalid: '请输入有效的邮箱地址。',
  passwordWeak: '密码过于简单或太常见，请换一个。',
  linkInvalid: '链接已失效，请重新申请。',
  reconnecting: '连接已断开，正在重新连接…',
  continueAnswer: '继续',
  earlier: '更早的消息',
  recent: '最近的对话',
  untitled: '无标题',
  interrupted: '回答被中断，已收到的内容已保留。',
  lengthReached: '回答已达到长度上限。',
  modelTooSlow: '模型停止了响应。',
  answerTooSlow: '回答耗时过长，已结束。',
  turnRunning: '这里还有一个回答正在生成。',
  tooManyTurns: '你有多个回答正在生成，请等待其中一个完成。',
  quotaExceeded: '你的额度已用完。',
  messageTooLong: '消息过长。',
  conversationGone: '该对话已不存在。',
  sessionEnded: '登录已失效。请重新登录以继续，内容不会丢失。',
  conversationNeedsLogIn: '请登录后查看该对话。',
  shareGone: '这个链接没有内容，或内容已不再公开。',
  sharedBy: '分享者',
  sharer: '提问',
  continueCopy: '复制为我的对话并继续',
  copyNeedsLogIn: '登录后即可在自己的副本中继续对话。',
  failed: '出了点问题，请重试。',
}

const allTexts: Record<Language, typeof en> = { zh, en }

/** A key of the texts: errors carry one, so that they follow a change of language. */
export type TextKey = keyof typeof en
