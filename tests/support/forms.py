"""Forms as a browser sends them: with what stands in them."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import Client

from tests.support.dom import Element, parse

BUTTONS = ("submit", "button", "image", "reset", "file")


def fields_of(form: Element) -> dict[str, list[str]]:
    """All fields of a form, without its buttons and files."""
    fields: dict[str, list[str]] = {}
    for element in form.all("input") + form.all("textarea") + form.all("select"):
        own = element.attributes
        kind = own.get("type", "text")
        if not own.get("name") or "disabled" in own or kind in BUTTONS:
            continue
        if kind in ("checkbox", "radio"):
            if "checked" in own:
                fields.setdefault(own["name"], []).append(own.get("value", "on"))
            continue
        if element.tag == "select" and "multiple" in own:
            values = element.values("option[selected]")
        else:
            values = [element.value]
        if values:
            fields.setdefault(own["name"], []).extend(values)
    return fields


def form_in(page: HttpResponse | str, field: str = "seen") -> dict[str, list[str]]:
    """The fields of the form that has this field."""
    forms = [form for form in parse(page).all("form") if form.has(f"[name='{field}']")]
    assert len(forms) == 1, f"{len(forms)} forms with {field}"
    return fields_of(forms[0])


def opened(client: Client, address: str, field: str = "seen") -> dict[str, list[str]]:
    """The fields of the form at this address, as it is drawn now."""
    page = client.get(address)
    assert page.status_code == 200, page.status_code
    return form_in(page, field)
