"""Goldens of the template engine: what transformers' template environment (jinja2) makes of chat templates and of small pieces of the language.

    python make_chat_templates.py
"""
from transformers.utils.chat_template_utils import _compile_jinja_template

import chat_templates as given
import models


def outcome(source, variables):
    """{"text": ...}, or {"error": kind, "message": ...} where jinja2 refuses."""
    try:
        return {"text": _compile_jinja_template(source).render(**variables)}
    except Exception as error:  # noqa: BLE001  every kind of refusal is a golden
        return {"error": type(error).__name__, "message": str(error)}


def main():
    cases = []
    for name, messages, settings in given.CASES:
        variables = {"messages": messages, **given.SETTINGS, **settings}
        cases.append({"template": name, "messages": messages, "settings": settings, **outcome(given.TEMPLATES[name], variables)})
    pieces = [{"source": source, **outcome(source, given.VARIABLES)} for source in given.PIECES]
    models.save_json("chat_templates.json", {
        "settings": given.SETTINGS, "templates": [{"name": n, "source": s} for n, s in given.TEMPLATES.items()],
        "cases": cases, "variables": given.VARIABLES, "pieces": pieces})
    print(len(cases), "cases,", len(pieces), "pieces")


if __name__ == "__main__":
    main()
