/** `script.<extensions>.js`: configured by its element's attributes and by the extensions in its name. */

import { configure } from './config'
import { attribute, scriptEndpoint } from './script-element'
import { start } from './start'

configure({ domain: attribute('data-domain'), endpoint: scriptEndpoint() })
start(() => {})
