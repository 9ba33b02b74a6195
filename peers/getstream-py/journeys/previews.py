import http.server
import threading

from getstream.models import MessageRequest

PAGE = b"""<!doctype html><html><head><title>Plain title</title>
<meta property="og:title" content="A fine page">
<meta property="og:description" content="All about it">
<meta property="og:image" content="http://127.0.0.1/image.png">
</head><body></body></html>"""


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_):
        pass


def travel(t, api):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/page"
        try:
            with t.step("reads the preview of a page"):
                preview = api.client.get_og(url=url).data
                t.equal((preview.title, preview.text), ("A fine page", "All about it"), "its texts")
                t.equal(preview.og_scrape_url, url, "its address")
                t.equal(preview.image_url, "http://127.0.0.1/image.png", "its image")

            with t.step("adds the preview to a message"):
                [john] = api.users(t, "john")
                channel = api.channel(t, [john])

                def scraped(message):
                    return [each.og_scrape_url for each in message.attachments if each.og_scrape_url]

                sent = api.send(channel, john, f"see {url}")
                t.until(lambda: scraped(api.chat.get_message(id=sent.id).data.message) == [url], "the attachment comes")
                message = MessageRequest(text=f"see {url}", user_id=john)
                plain = channel.send_message(message=message, skip_enrich_url=True).data.message
                t.equal(scraped(api.chat.get_message(id=plain.id).data.message), [], "unless it is not wanted")
        finally:
            server.shutdown()
