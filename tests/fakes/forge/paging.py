"""Pages of a list, with RFC 8288 links as the three forges send them."""
from forge.hub import Refusal


def page_of(items, query, size_name, origin, path, most=2):
    """Pages are of two elements at most, whatever is asked for: a client has to follow the links."""
    size = min(int(query.get(size_name, 30)), most)
    page = int(query.get("page", 1))
    if size < 1 or page < 1:
        raise Refusal(422, "no such page", is_fault=True)
    rest = [f"{n}={v}" for n, v in query.items() if n != "page"]
    links = []
    if len(items) > page * size:
        links.append(f'<{origin}{path}?{"&".join(rest + [f"page={page + 1}"])}>; rel="next"')
    if page > 1:
        links.append(f'<{origin}{path}?{"&".join(rest + ["page=1"])}>; rel="first"')
    return 200, items[(page - 1) * size:page * size], {"link": ", ".join(links)} if links else {}
