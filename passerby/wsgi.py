"""Django as one WSGI application: what `asgi.py` hands every request that is not ingest, tracker or a static file."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "passerby.django_settings")

application = get_wsgi_application()
