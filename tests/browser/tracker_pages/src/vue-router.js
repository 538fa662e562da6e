import { createApp, h } from 'vue'
import { createRouter, createWebHistory, RouterLink, RouterView } from 'vue-router'

const text = (id) => ({ render: () => h('p', { id }, id) })
const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', component: text('at-home') },
    { path: '/two', component: text('at-two') },
    { path: '/:rest(.*)', component: text('elsewhere') },
  ],
})

createApp({
  render: () =>
    h('main', [
      h(RouterLink, { id: 'two', to: '/two' }, () => 'two'),
      h(RouterLink, { id: 'filter', to: '/two?filter=x' }, () => 'filter'),
      h(RouterView),
    ]),
})
  .use(router)
  .mount('#app')
