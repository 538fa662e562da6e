/** The file name extensions that count as downloads unless a site says otherwise. */
export const DEFAULT_FILE_TYPES: string[] =
  'pdf xlsx docx txt rtf csv exe key pps ppt pptx 7z pkg rar gz zip avi mov mp4 mpeg wmv midi mp3 wav wma dmg'.split(
    ' ',
  )
