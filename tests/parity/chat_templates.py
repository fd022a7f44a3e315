"""Chat templates in the formats of well-known model families, written for these goldens, and what is rendered with them."""

TEMPLATES = {
    "chatml": """{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}""",
    "smollm2": """{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system
You are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>
' }}{% endif %}{{'<|im_start|>' + message['role'] + '
' + message['content'] + '<|im_end|>' + '
'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant
' }}{% endif %}""",
    "llama2": """{%- if messages[0]['role'] == 'system' -%}
    {%- set rest = messages[1:] -%}
    {%- set instruction = '<<SYS>>\\n' ~ messages[0]['content'] | trim ~ '\\n<</SYS>>\\n\\n' -%}
{%- else -%}
    {%- set rest = messages -%}
    {%- set instruction = false -%}
{%- endif -%}
{%- for message in rest -%}
    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}
        {{- raise_exception('roles must alternate user/assistant/user/assistant') -}}
    {%- endif -%}
    {%- if loop.index0 == 0 and instruction != false -%}
        {%- set content = instruction + message['content'] -%}
    {%- else -%}
        {%- set content = message['content'] -%}
    {%- endif -%}
    {%- if message['role'] == 'user' -%}
        {{- bos_token + '[INST] ' + content.strip() + ' [/INST]' -}}
    {%- elif message['role'] == 'assistant' -%}
        {{- ' ' + content.strip() + ' ' + eos_token -}}
    {%- endif -%}
{%- endfor -%}""",
    "llama3": """{% for message in messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}""",
    "llama3-tools": """{{- bos_token }}
{%- if custom_tools is defined %}
    {%- set tools = custom_tools %}
{%- endif %}
{%- if not tools is defined %}
    {%- set tools = none %}
{%- endif %}
{%- if not date_string is defined %}
    {%- set date_string = strftime_now("%d %b %Y") %}
{%- endif %}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content'] | trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{{- "Today Date: " + date_string + "\\n\\n" }}
{%- if tools is not none %}
    {{- "Functions:\\n\\n" }}
    {%- for t in tools %}
        {{- t | tojson(indent=4) }}
        {{- "\\n\\n" }}
    {%- endfor %}
{%- endif %}
{{- system_message }}
{{- "<|eot_id|>" }}
{%- for message in messages %}
    {%- if not (message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if message.tool_calls | length != 1 %}
            {{- raise_exception("one call at a time") }}
        {%- endif %}
        {%- set call = message.tool_calls[0].function %}
        {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
        {{- '{"name": "' + call.name + '", ' }}
        {{- '"parameters": ' }}
        {{- call.arguments | tojson }}
        {{- "}<|eot_id|>" }}
    {%- else %}
        {{- "<|start_header_id|>ipython<|end_header_id|>\\n\\n" }}
        {%- if message.content is mapping or message.content is iterable and message.content is not string %}
            {{- message.content | tojson }}
        {%- else %}
            {{- message.content }}
        {%- endif %}
        {{- "<|eot_id|>" }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}
""",
    "qwen2": """{%- if tools %}
    {{- '<|im_start|>system\\n' }}
    {%- if messages[0].role == 'system' %}
        {{- messages[0].content + '\\n\\n' }}
    {%- endif %}
    {{- "Tools:\\n<tools>" }}
    {%- for tool in tools %}
        {{- "\\n" }}
        {{- tool | tojson }}
    {%- endfor %}
    {{- "\\n</tools><|im_end|>\\n" }}
{%- else %}
    {%- if messages[0].role == 'system' %}
        {{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}
    {%- else %}
        {{- '<|im_start|>system\\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>\\n' }}
    {%- endif %}
{%- endif %}
{%- set ns = namespace(last=-1) %}
{%- for message in messages %}
    {%- if message.role == "user" %}{% set ns.last = loop.index0 %}{% endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.role == "user" or (message.role == "system" and not loop.first) or (message.role == "assistant" and not message.tool_calls) %}
        {%- set content = message.content %}
        {%- if '</think>' in content and loop.index0 < ns.last %}
            {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
        {%- endif %}
        {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>' + '\\n' }}
    {%- elif message.role == "assistant" %}
        {{- '<|im_start|>' + message.role }}
        {%- for tool_call in message.tool_calls %}
            {%- if tool_call.function is defined %}
                {%- set tool_call = tool_call.function %}
            {%- endif %}
            {{- '\\n<tool_call>\\n{"name": "' }}
            {{- tool_call.name }}
            {{- '", "arguments": ' }}
            {{- tool_call.arguments | tojson }}
            {{- '}\\n</tool_call>' }}
        {%- endfor %}
        {{- '<|im_end|>\\n' }}
    {%- elif message.role == "tool" %}
        {%- if (loop.index0 == 0) or (messages[loop.index0 - 1].role != "tool") %}
            {{- '<|im_start|>user' }}
        {%- endif %}
        {{- '\\n<tool_response>\\n' }}
        {{- message.content }}
        {{- '\\n</tool_response>' }}
        {%- if loop.last or (messages[loop.index0 + 1].role != "tool") %}
            {{- '<|im_end|>\\n' }}
        {%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
""",
    "mistral": """{{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ message['content'] + eos_token}}{% else %}{{ raise_exception('Only user and assistant roles are supported!') }}{% endif %}{% endfor %}""",
    "gemma": """{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{% for message in messages %}{% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = message['role'] %}{% endif %}{{ '<start_of_turn>' + role + '
' + message['content'] | trim + '<end_of_turn>
' }}{% endfor %}{% if add_generation_prompt %}{{'<start_of_turn>model
'}}{% endif %}""",
    "gemma3": """{{ bos_token }}
{%- if messages[0]['role'] == 'system' -%}
    {%- if messages[0]['content'] is string -%}
        {%- set first_user_prefix = messages[0]['content'] + '

' -%}
    {%- else -%}
        {%- set first_user_prefix = messages[0]['content'][0]['text'] + '

' -%}
    {%- endif -%}
    {%- set loop_messages = messages[1:] -%}
{%- else -%}
    {%- set first_user_prefix = "" -%}
    {%- set loop_messages = messages -%}
{%- endif -%}
{%- for message in loop_messages -%}
    {{ '<start_of_turn>' + ('model' if message['role'] == 'assistant' else message['role']) + '\\n' + (first_user_prefix if loop.first else "") }}
    {%- if message['content'] is string -%}
        {{ message['content'] | trim }}
    {%- elif message['content'] is iterable -%}
        {%- for item in message['content'] -%}
            {%- if item['type'] == 'image' -%}
                {{ '<start_of_image>' }}
            {%- elif item['type'] == 'text' -%}
                {{ item['text'] | trim }}
            {%- endif -%}
        {%- endfor -%}
    {%- else -%}
        {{ raise_exception("Invalid content type") }}
    {%- endif -%}
    {{ '<end_of_turn>\\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{ '<start_of_turn>model\\n' }}
{%- endif -%}
""",
    "phi3": """{% for message in messages %}{% if message['role'] == 'system' and message['content'] %}{{'<|system|>\\n' + message['content'] + '<|end|>\\n'}}{% elif message['role'] == 'user' %}{{'<|user|>\\n' + message['content'] + '<|end|>\\n'}}{% elif message['role'] == 'assistant' %}{{'<|assistant|>\\n' + message['content'] + '<|end|>\\n'}}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% else %}{{ eos_token }}{% endif %}""",
    "zephyr": """{% for message in messages %}
{% if message['role'] == 'user' %}
{{ '<|user|>\\n' + message['content'] + eos_token }}
{% elif message['role'] == 'system' %}
{{ '<|system|>\\n' + message['content'] + eos_token }}
{% elif message['role'] == 'assistant' %}
{{ '<|assistant|>\\n'  + message['content'] + eos_token }}
{% endif %}
{% if loop.last and add_generation_prompt %}
{{ '<|assistant|>' }}
{% endif %}
{% endfor %}""",
    "vicuna": """{%- set ns = namespace(system='A chat.') -%}
{%- for m in messages if m.role == 'system' -%}{%- set ns.system = m.content -%}{%- endfor -%}
{{ ns.system }}{% for m in messages | rejectattr('role', 'equalto', 'system') %} {{ 'USER: ' ~ m.content if m.role == 'user' else 'ASSISTANT: ' ~ m.content ~ '</s>' }}{% endfor %}{{ ' ASSISTANT:' if add_generation_prompt }}""",
}

HELLO = [{"role": "user", "content": "Hello"}]
TURNS = [{"role": "user", "content": "  Hi there! "}, {"role": "assistant", "content": " Hello. How can I help?\n"}, {"role": "user", "content": "Tell me a joke."}]
SYSTEM = [{"role": "system", "content": "You are terse."}] + TURNS
HARD = [{"role": "user", "content": "{{ 7 * 7 }} {% if %} 'quote' \"double\" \\n é 漢字 🎉\nsecond line\n"}]
TOOLS = [{"type": "function", "function": {"name": "weather", "description": "Tells the weather <now> & later.", "parameters": {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer", "default": 3}}, "required": ["city"]}}}]
CALL = [{"role": "user", "content": "Weather in Zürich?"},
        {"role": "assistant", "content": None, "tool_calls": [{"type": "function", "function": {"name": "weather", "arguments": {"city": "Zürich", "days": 2, "exact": True, "unit": None, "scale": 1.5}}}]},
        {"role": "tool", "content": "{\"sky\": \"blue\"}"}]
TWO_RESULTS = CALL + [{"role": "tool", "content": "warm"}, {"role": "assistant", "content": "Fine."}, {"role": "user", "content": "Thanks"}]
THOUGHT = [{"role": "user", "content": "2+2?"}, {"role": "assistant", "content": "<think>\nsum\n</think>\n\n4"}, {"role": "user", "content": "3+3?"}]
PARTS = [{"role": "system", "content": [{"type": "text", "text": "Look well."}]},
         {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": " What is this? "}]}]

CASES = [(t, m, {"add_generation_prompt": True}) for t in TEMPLATES for m in (HELLO, TURNS, SYSTEM, HARD)]
CASES += [(t, TURNS[:2], {"add_generation_prompt": False}) for t in ("chatml", "smollm2", "llama3", "phi3", "zephyr", "gemma", "qwen2")]
CASES += [
    ("llama2", TURNS[1:], {}),
    ("qwen2", HELLO, {"tools": TOOLS, "add_generation_prompt": True}),
    ("qwen2", SYSTEM, {"tools": TOOLS, "add_generation_prompt": True}),
    ("qwen2", CALL, {"tools": TOOLS, "add_generation_prompt": True}),
    ("qwen2", TWO_RESULTS, {"add_generation_prompt": True}),
    ("qwen2", THOUGHT, {"add_generation_prompt": True}),
    ("llama3-tools", SYSTEM, {"tools": TOOLS, "add_generation_prompt": True}),
    ("llama3-tools", CALL, {"add_generation_prompt": True}),
    ("llama3-tools", CALL[:2] + [{"role": "tool", "content": {"sky": "blue", "degrees": [1, 2.5]}}], {"add_generation_prompt": True}),
    ("gemma3", PARTS, {"add_generation_prompt": True}),
    ("chatml", [], {"add_generation_prompt": True}),
    ("chatml", [{"role": "user", "content": ""}], {"add_generation_prompt": True}),
]

SETTINGS = {"bos_token": "<s>", "eos_token": "</s>", "date_string": "26 Jul 2024"}

# Small pieces of the language, each with the variables below.
VARIABLES = {"a": 7, "b": -3, "x": 1.5, "s": " Text with Words ", "t": "one,two,,three", "list": [3, 1, 2], "empty": [], "map": {"k": "v", "n": 1, "items_": [1]},
             "people": [{"name": "Ann", "age": 30, "ok": True}, {"name": "Bob", "age": 25, "ok": False}, {"name": "Cyd", "age": 35}], "yes": True, "no": False, "nothing": None,
             "u": "naïve 漢字 🎉", "html": "<b>&\"'</b>"}
PIECES = [
    # printing
    "{{ yes }} {{ no }} {{ nothing }} {{ missing }}|", "{{ x }} {{ 2.0 }} {{ 1e3 }} {{ 10 / 4 }} {{ 8 / 2 }}", "{{ list }} {{ map }} {{ ['a', none, true, 1.0] }} {{ 'it\\'s' }} {{ [\"it's\"] }}", "{{ (1, 2) }} {{ (1,) }}",
    # arithmetic and comparison
    "{{ a + 2 * 3 }} {{ (a + 2) * 3 }} {{ a - b }} {{ -a }} {{ a // 2 }} {{ b // 2 }} {{ a % 3 }} {{ b % 5 }} {{ 2 ** 5 }}", "{{ 1 < 2 }} {{ 1 < 2 < 3 }} {{ 'a' < 'b' }} {{ 1 == 1.0 }} {{ '1' == 1 }} {{ a != 7 }} {{ a >= 7 }}",
    "{{ yes and no }} {{ yes or no }} {{ not yes }} {{ nothing or 'other' }} {{ '' or 0 }} {{ 'a' and 'b' }}", "{{ 'a' ~ 1 ~ none ~ true }} {{ 'ab' * 3 }} {{ [1] + [2] }}", "{{ 1 in list }} {{ 9 not in list }} {{ 'ex' in s }} {{ 'k' in map }} {{ 'Ann' in people }}",
    "{{ 'p' if a > 3 else 'q' }} {{ 'p' if a < 3 }}|", "{{ 1 if no else 2 if no else 3 }}",
    # access
    "{{ map.k }} {{ map['k'] }} {{ map.missing }}| {{ map['missing'] is defined }} {{ people[0].name }} {{ people[-1]['age'] }} {{ list[0] }} {{ list[5] }}|", "{{ list[1:] }} {{ list[:-1] }} {{ list[::-1] }} {{ t[2:5] }} {{ t[-5:] }} {{ u[6:8] }} {{ u[-1] }}", "{{ map.items() | list }} {{ map.keys() | list }} {{ map.values() | list }} {{ map.get('k') }} {{ map.get('z') }} {{ map.get('z', 5) }}",
    # filters
    "[{{ s | trim }}] {{ s | upper }} {{ s | lower }} {{ 'hello world' | title }} {{ 'hello World' | capitalize }}", "{{ s | length }} {{ list | length }} {{ map | length }} {{ u | length }} {{ list | count }}", "{{ list | join(', ') }} {{ people | map(attribute='name') | join('/') }} {{ ['a', 'b'] | map('upper') | list }}", "{{ list | first }} {{ list | last }} {{ list | sort }} {{ list | reverse | list }} {{ list | min }} {{ list | max }} {{ list | sum }}",
    "{{ missing | default('d') }} {{ '' | default('d') }}| {{ '' | default('d', true) }} {{ nothing | d('n') }}", "{{ t | replace(',', ';') }} {{ '3' | int + 1 }} {{ '2.5' | float }} {{ 3.7 | int }} {{ 'z' | int }} {{ 5 | string ~ '!' }} {{ b | abs }} {{ 2.567 | round(1) }}", "{{ map | tojson }} {{ u | tojson }} {{ html | tojson }} {{ list | tojson }} {{ [none, true, 1.0, 'a\\nb\\t\"'] | tojson }}", "{{ map | tojson(indent=2) }}\n{{ [] | tojson(indent=2) }} {{ {} | tojson(indent=2) }} {{ [[1, {}]] | tojson(indent=4) }}",
    "{{ people | selectattr('ok') | map(attribute='name') | list }} {{ people | rejectattr('ok') | map(attribute='name') | list }} {{ people | selectattr('age', 'equalto', 25) | map(attribute='name') | list }} {{ people | selectattr('ok', 'defined') | list | length }}", "{{ list | select('odd') | list }} {{ list | reject('equalto', 1) | list }} {{ [1, none, 2] | select | list }}", "{{ html | e }} {{ html | escape }} {{ html | safe }}", "{{ 'a b  c' | wordcount }} {{ 'line1\nline2' | indent(2) }} {{ [1, 1, 2] | unique | list }} {{ {'b': 1, 'a': 2} | dictsort }} {{ {'b': 1} | items | list }} {{ 'abc' | list }}",
    # methods
    "[{{ s.strip() }}] [{{ s.lstrip() }}] [{{ s.rstrip() }}] [{{ 'xxaxx'.strip('x') }}] {{ s.upper() }} {{ s.lower() }} {{ 'ab cd'.title() }} {{ 'ab'.capitalize() }}", "{{ t.split(',') }} {{ 'a b  c'.split() }} {{ t.split(',', 1) }} {{ t.split(',')[-1] }} {{ 'a\nb'.splitlines() }}", "{{ t.startswith('one') }} {{ t.endswith('two') }} {{ t.replace(',', '') }} {{ t.find('two') }} {{ t.count(',') }} {{ '-'.join(['a', 'b']) }}", "{{ 'x'.startswith(('a', 'x')) }} {{ '12'.isdigit() }}",
    # tests
    "{{ a is defined }} {{ missing is defined }} {{ missing is undefined }} {{ nothing is none }} {{ nothing is not none }}", "{{ s is string }} {{ a is number }} {{ a is integer }} {{ x is float }} {{ yes is boolean }} {{ yes is true }} {{ no is false }} {{ a is true }}", "{{ map is mapping }} {{ list is iterable }} {{ list is sequence }} {{ s is iterable }} {{ map is sequence }} {{ a is iterable }}", "{{ a is odd }} {{ a is even }} {{ 6 is divisibleby 3 }} {{ a is equalto 7 }} {{ a is eq(7) }} {{ a is gt 3 }} {{ 1 is in [1, 2] }} {{ 'ab' is lower }} {{ not a is odd }}",
    # statements
    "{% for i in list %}{{ loop.index }}{{ loop.index0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.revindex }} {% endfor %}", "{% for i in empty %}x{% else %}none{% endfor %}", "{% for i in list if i > 1 %}{{ i }}:{{ loop.index }}:{{ loop.last }} {% endfor %}", "{% for k, v in map.items() %}{{ k }}={{ v }};{% endfor %}", "{% for i in range(3) %}{{ i }}{% endfor %} {% for i in range(1, 7, 2) %}{{ i }}{% endfor %} {{ range(4) | list }}", "{% for i in range(9) %}{% if i == 1 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}", "{% for p in people %}{{ loop.previtem.name if loop.previtem is defined else '-' }}<{{ p.name }}>{{ loop.nextitem.name if not loop.last else '-' }} {% endfor %}", "{% for i in list %}{{ loop.cycle('a', 'b') }}{% endfor %} {% for i in list %}{% for j in list %}{{ loop.index }}{% endfor %};{% endfor %}", "{% for c in 'abc' %}{{ c }}.{% endfor %} {% for k in map %}{{ k }}.{% endfor %}",
    "{% set v = 1 %}{% for i in list %}{% set v = i %}{% endfor %}{{ v }}", "{% set ns = namespace(n=0, s='') %}{% for i in list %}{% set ns.n = ns.n + i %}{% set ns.s = ns.s ~ i %}{% endfor %}{{ ns.n }} {{ ns.s }}", "{% set v %}block {{ a }}{% endset %}[{{ v }}]", "{% set p, q = 1, 2 %}{{ p }}{{ q }}", "{% if a > 10 %}A{% elif a > 5 %}B{% else %}C{% endif %}{% if empty %}x{% else %}y{% endif %}{% if missing %}x{% endif %}", "{% macro greet(name, mark='!') %}Hi {{ name }}{{ mark }}{% endmacro %}{{ greet('Ann') }} {{ greet('Bob', mark='?') }} {{ greet(name='C') }}", "{# comment #}a{#- trimmed -#} b", "{% raw %}{{ not this }}{% endraw %}", "{% generation %}{{ a }}{% endgeneration %}", "{% filter upper %}abc{{ s }}{% endfilter %}",
    # blanks
    "  {% if yes %}\n  in\n  {% endif %}\nout\n", "a\n  {%- if yes -%}  b  {%- endif -%}\n  c", "x\n\n{{- ' y ' -}}\n\nz", "  {{ a }}\n  {% set q = 1 %}\n{{ q }}\n\n", "a {%+ if yes %} b{% endif %}\n c", "line\n{% for i in list -%}\n  {{ i }}\n{%- endfor %}\nend",
    # literals
    "{{ \"a\\tb\\\\c\\u00e9\" }} {{ 'mixed \"q\"' }} {{ 'a' 'b' }}", "{{ {'a': 1, 'b': [1, 2]}.b[1] }} {{ [1, 2, 3][1] }} {{ 'abc'[1] }} {{ true and True }} {{ none is none }} {{ None }}", "{{ dict(a=1, b=2) }} {{ 1_000 }}", "{{ (s | trim).split(' ')[0] | upper ~ '.' }} {{ a | string | length }} {{ 'x' ~ (1 + 2) }} {{ -a | abs }}",
    # mistakes
    "{{ missing.x }}", "{{ raise_exception('no ' ~ a) }}", "{% for %}{% endfor %}", "{{ a", "{% if yes %}open", "{{ a | nofilter }}", "{{ 1 / 0 }}", "{{ a() }}", "{{ 'a' + 1 }}", "{% endif %}", "{% unknown %}", "{{ s.nomethod() }}", "{{ 'abc }}",
]
