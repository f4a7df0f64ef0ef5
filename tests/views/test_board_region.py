"""The region of a board is filled into a mould where that gives the same as rendering it."""

import pytest
from django.template.loader import render_to_string

from dashboard.clock import now_ms
from dashboard.models import Account
from dashboard.models.seen import Sight
from dashboard.views.board_found import Found
from dashboard.views.board_list import BoardList
from dashboard.views.board_query import Query
from dashboard.views.board_region import region_of
from tests.views.conftest import hold, move


def board(account: Account, query_string: str) -> BoardList:
    member = account.team.memberships.order_by("pk")[0]
    sight = Sight.of(member.user_id, now_ms())
    query = Query.read(query_string)
    return BoardList(Found.again(query, query.filters(sight)), sight)


@pytest.mark.parametrize("query_string", ["", "phase=failed", "q=%3Cb%3E+-%22x%22&sort=title", "phase=%25(x)s", "q=no"])
def test_a_region_is_the_same_filled_and_rendered(quiet: Account, query_string: str) -> None:
    hold(quiet, name="<b> 50 % %(x)s")
    move(hold(quiet, name="Keynote <b>"), "failed", errorMessage="<i>no</i>")
    for more in ("", "&top=1-1", "&top=1-1&rows=1"):
        told = query_string + more
        assert region_of(board(quiet, told)) == render_to_string("board/_list.html", {"board": board(quiet, told)})


def test_a_notice_is_rendered_with_the_region(quiet: Account) -> None:
    hold(quiet)
    Account.objects.filter(pk=quiet.pk).update(unreadable=3)
    assert "3 rows of Acme Live could not be read" in region_of(board(quiet, ""))
