"""The address table of the walk: each page of the product, one example of it, and who sees most of it."""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROLES = ("visitor", "manager", "officer", "official", "auditor", "admin", "company", "neighbour")
V, M, E, P, C, A, S = "visitor", "manager", "officer", "official", "company", "auditor", "admin"

# name of the address -> {an example: who walks it in the suite}. `make screens` sends every role to every example.
PAGES = {
    "home": {"/": (V, M)},
    "vacancy-list": {"/spaces/?area_min=100&area__lte=200&use=office": (V, C)},
    "my-desk": {"/my/": (C,)},
    "my-company": {"/my/company/": (C,)},
    "my-company-new": {"/my/company/new/": (C,)},
    "my-members": {"/my/members/": (C,)},
    "member-join": {"/my/members/join/{company_number}/{token}/": (S,)},
    "member-role": {"/my/members/{member}/role/": (C,)},
    "member-end": {"/my/members/{member}/end/": (C,)},
    "request-new": {"/requests/new/": (C,)},
    "request-edit": {"/requests/{draft}/edit/": (C,)},
    "request-check": {"/requests/{draft}/check/": (C,)},
    "request-done": {"/requests/{own_request}/done/": (C,)},
    "request-print": {"/requests/{own_request}/print/": (C, M)},
    "request-delete": {"/requests/{draft}/delete/": (C,)},
    "request-step": {
        f"/requests/{{draft}}/{step}/": (C,)
        for step in ("company", "space", "special", "timing", "units", "documents", "contact")
    },
    "offer-detail": {"/offers/{offer}/": (C, M)},
    "offer-answer": {f"/offers/{{offer}}/{answer}/": (C,) for answer in ("accept", "decline")}
    | {"/offers/{offer}/withdraw/": (M,)},
    "overview": {
        "/overview/": (P,),
        "/overview/?as_of=2024-10-31&by=park": (V,),
        "/overview/?known_on={known_on}": (P,),
    },
    "vacancy-report": {"/vacancy/": (V, P), "/vacancy/?park=HIT-01": (M,)},
    "pipeline-list": {"/pipeline/": (P,)},
    "ecosystem-list": {"/ecosystems/": (P,)},
    "ecosystem-detail": {"/ecosystems/hit/": (E,)},
    "ecosystem-new": {"/ecosystems/new/": (S,)},
    "park-new": {"/ecosystems/hit/parks/new/": (E,)},
    "park-list": {"/parks/": (P,)},
    "park-detail": {
        "/parks/HIT-01/": (M,),
        "/parks/SRI/": (V,),
        "/parks/HIT-01/?known_on={known_on}&as_of=2024-10-31": (M,),
    },
    "park-edit": {"/parks/HIT-01/edit/": (E,)},
    "park-belonging": {"/parks/HIT-01/belonging/": (E,)},
    "building-new": {"/parks/HIT-01/new/": (M,)},
    "building-detail": {"/parks/HIT-01/A/": (M,), "/parks/HIT-01/A/?mode=expiry&compare=2026-01-31": (M,)},
    "building-edit": {"/parks/HIT-01/A/edit/": (M,)},
    "block-find": {"/parks/HIT-01/A/block/?area=400&months=12&moves=2&use=": (M,)},
    "floor-new": {"/parks/HIT-01/A/new/": (M,)},
    "floor-detail": {"/parks/HIT-01/A/4/": (M,)},
    "floor-edit": {"/parks/HIT-01/A/4/edit/": (M,)},
    "unit-new": {"/parks/HIT-01/A/4/new/": (M,)},
    "plan-new": {"/parks/HIT-01/A/4/plan/new/": (M,)},
    "plan-draw": {"/plans/{plan}/draw/": (M,)},
    "plan-scale": {"/plans/{plan}/scale/": (M,)},
    "plan-replace": {"/plans/{plan}/replace/": (M,)},
    "drawing-new": {"/parks/HIT-01/B/3/drawing/": (M,)},
    "drawing-detail": {"/drawings/{drawing}/": (M,)},
    "search": {"/search/": (V,), "/search/?q=zzz": (M,), "/search/?q=HIT": (M, C), "/search/?q=401&group=units": (V,)},
    "unit-list": {"/units/": (P,), "/units/?state=vacant&scope=incubators": (V,), "/units/?q=zzz": (V,)},
    "unit-detail": {"/units/HIT-01-A-402/": (M, V)},
    "unit-act": {
        f"/units/HIT-01-A-405/{verb}/": (M,) for verb in ("edit", "hold", "offline", "split", "merge", "retire")
    },
    "allocation-act": {
        "/allocations/{held}/sign/": (M,),
        "/allocations/{signed}/move-in/": (M,),
        "/allocations/{moved_in}/hand-back/": (M,),
        "/allocations/{offline}/end/": (M,),
        "/allocations/{moved_in}/correct/": (M,),
    },
    "profile": {"/profile/": (M, C)},
    "demo-mail": {"/demo/mail/": (V,)},
    "notice-list": {"/notices/": (M, C)},
    "mail-list": {"/mail/": (S,)},
    "manage": {"/manage/": (M,)},
    "request-list": {"/manage/requests/": (M,)},
    "request-match": {"/manage/requests/{admitted}/match/": (M,)},
    "request-offer": {"/manage/requests/{admitted}/offer/?unit=HIT-01-A-404": (M,)},
    "request-detail": {"/requests/{own_request}/": (M, C)},
    "request-act": {"/requests/{submitted}/acts/receive/": (M,), "/requests/{in_review}/acts/review/": (M,)}
    | {f"/requests/{{in_review}}/acts/{verb}/": (M,) for verb in ("assign", "close", "note", "say")}
    | {"/requests/{own_request}/acts/withdraw/": (C,)},
    "lease-list": {"/leases/": (M,)},
    "lease-timeline": {"/leases/timeline/": (M,)},
    "lease-calendar": {"/leases/calendar/": (M,)},
    "forecast": {"/forecast/": (P,), "/forecast/?park=HIT-01": (M,)},
    "lease-remind": {"/leases/remind/?all=1&within=60": (M,)},
    "lease-feed": {"/leases/feed/": (M,)},
    "lease-detail": {"/leases/{lease}/": (M, C)},
    "lease-act": {f"/leases/{{lease}}/{verb}/": (M,) for verb in ("notice", "renew", "relocate")},
    "handover-detail": {"/handovers/{move_in}/": (M, C), "/handovers/{move_out}/": (M,)},
    "handover-paper": {"/handovers/{move_in}/sheet/": (M,)},
    "handover-act": {f"/handovers/{{move_in}}/{verb}/": (M,) for verb in ("add", "sign", "confirm")},
    "company-list": {"/companies/": (M,)},
    "company-detail": {"/companies/{company}/": (M,)},
    "company-verify": {"/companies/{company}/verify/": (M,)},
    "incubation-new": {"/companies/{company}/incubation/": (M,)},
    "incubation-act": {f"/incubations/{{incubation}}/{verb}/": (M,) for verb in ("ask", "graduate", "leave")},
    "extension-approve": {"/extensions/{extension}/approve/": (M,)},
    "fairness-list": {"/fairness/": (M,)},
    "change-list": {"/changes/": (A,)},
    "restatement-list": {"/restatements/": (A,), "/restatements/?known_on={known_on}&as_of=2024-10-31": (P,)},
    "definitions": {"/definitions/": (V,)},
    "help": {"/help/": (V,)},
    "help-role": {"/help/company/": (C,)},
    "accessibility": {"/accessibility/": (V,)},
    "privacy": {"/privacy/": (V,)},
    "account_login": {"/accounts/login/": (V,)},
    "account_signup": {"/accounts/signup/": (V,)},
    "account_reset_password": {"/accounts/password/reset/": (V,)},
    "account_reset_password_done": {"/accounts/password/reset/done/": (V,)},
    "account_reset_password_from_key": {"/accounts/password/reset/key/1-x-y/": (V,)},
    "account_reset_password_from_key_done": {"/accounts/password/reset/key/done/": (V,)},
    "account_email_verification_sent": {"/accounts/confirm-email/": (V,)},
    "account_inactive": {"/accounts/inactive/": (V,)},
    "account_logout": {"/accounts/logout/": (M,)},
    "account_email": {"/accounts/email/": (M,)},
    "account_change_password": {"/accounts/password/change/": (M,)},
    "account_reauthenticate": {"/accounts/reauthenticate/": (M,)},
    "mfa_index": {"/accounts/2fa/": (M,)},
    "": {"/nowhere/": (V,), "/units/?area__gte=x": (V,), "/parks/HIT-01/edit/": (V, P)},  # errors
}
# Answers that are no page: files, fragments, redirects, what only a POST may ask, and steps that the demo can't be in.
NO_PAGES = {
    "park-choices",
    "account-welcome", "account_confirm_login_code", "account_set_password", "basket", "building-stack-file",
    "calendar-feed", "demo-mail-message", "document-add", "document-detail", "document-remove",
    "drawing-choose", "drawing-take-over",
    "floor-adjacency", "handover-item", "lease-export", "lease-feed-end", "mail-retry",
    "mfa_activate_totp", "mfa_authenticate",
    "mfa_deactivate_totp", "mfa_download_recovery_codes", "mfa_generate_recovery_codes", "mfa_reauthenticate",
    "mfa_view_recovery_codes", "invitation-again", "invitation-end", "notice-open", "notice-read-all", "nowhere",
    "offer-visit", "overview-ahead", "overview-file", "park-stack-file",
    "plan-picture", "plan-picture-small", "plan-publish", "profile-delete", "profile-sessions-end", "security-txt",
    "set-language", "set-text-size",
    "unit-panel", "usersessions_list",
}  # fmt: skip


def examples(env):
    """{word of an address: its value} in the demo province whose database `env` names."""
    run = [sys.executable, "manage.py", "shell", "-v", "0", "-c", "from tests.e2e.examples import write; write()"]
    result = subprocess.run(run, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout  # noqa: S603
    return json.loads(result)


def filled(path, values):
    """The path with its example; for a person to read and for a file's name, the words stay."""
    return path.format(**values)


def slug(path):
    """A file's name for a path."""
    return re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-") or "home"
