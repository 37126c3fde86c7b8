"""The bookkeeping of a run holds for any graph and any order of events."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from isthmus.execution.schedule import Schedule, needed
from isthmus.plan.graph import Cell, Plan, in_order
from isthmus.plan.step import Cost, Step


@st.composite
def plans(draw):
    steps = []
    for number in range(draw(st.integers(0, 12))):
        below = draw(st.lists(st.sampled_from(steps), max_size=3)) if steps else []
        inputs = {f"{i}": step.id for i, step in enumerate(below)}
        kind = draw(st.sampled_from(["predict", "predict", "bench"]))
        steps.append(Step(kind, {"n": number}, inputs, f"s{number}", Cost(flops=draw(st.sampled_from([0.0, 1.0, 9.0])))))
    return Plan(in_order(steps), ())


@st.composite
def plans_and_present(draw):
    plan = draw(plans())
    return plan, set(draw(st.lists(st.sampled_from(list(plan.steps)), unique=True))) if len(plan) else set()


def chain(*flops):
    steps = []
    for number, cost in enumerate(flops):
        inputs = {"model": steps[-1].id} if steps else {}
        steps.append(Step("predict", {"n": number}, inputs, f"s{number}", Cost(flops=cost)))
    return steps


def exclusive(plan, ids):
    return any(plan.steps[id_].kind == "bench" for id_ in ids)


def plan_of(*steps):
    return Plan(in_order(steps), ())


@given(plans_and_present())
def test_what_has_to_run_is_enough_and_no_more(case):
    plan, present = case
    found = needed(plan, present)
    users = plan.consumers()
    assert not found & present
    for step in plan:
        if step.id in found:
            assert all(id_ in found or id_ in present for id_ in step.inputs.values())
            assert not users[step.id] or found & set(users[step.id])
        elif not users[step.id]:
            assert step.id in present


@given(plans_and_present(), st.data())
def test_every_needed_step_ends_once_in_an_order_the_graph_allows(case, data):
    plan, present = case
    schedule = Schedule(plan, present)
    begun, failed, done = [], set(), set()
    while not schedule.over:
        choices = (["take"] if schedule.ready else []) + (["end"] if schedule.running else [])
        choices += ["look"] if schedule.aside else []
        match data.draw(st.sampled_from(choices)):
            case "take":
                warm = data.draw(st.lists(st.sampled_from(list(plan.steps)), max_size=2))
                step, running = schedule.take(warm), len(schedule.running)
                if step is None:  # only what runs alone is ready, or it runs
                    assert running or schedule.aside
                    kinds = {plan.steps[id_].kind for id_ in schedule.ready}
                    assert kinds == {"bench"} or exclusive(plan, schedule.running)
                    continue
                assert not (exclusive(plan, schedule.running) and (running > 1 or schedule.aside))
                assert all(id_ in present or id_ in done for id_ in step.inputs.values())
                begun.append(step.id)
            case "end":
                id_ = data.draw(st.sampled_from(sorted(schedule.running)))
                match data.draw(st.sampled_from(["finish", "finish", "fail", "put_aside"])):
                    case "finish":
                        schedule.finish(id_)
                        done.add(id_)
                    case "fail":
                        schedule.fail(id_)
                        failed.add(id_)
                    case "put_aside":
                        schedule.put_aside(id_)
                        begun.remove(id_)
            case "look":
                id_ = data.draw(st.sampled_from(sorted(schedule.aside)))
                if data.draw(st.booleans()):
                    schedule.finish(id_)
                    done.add(id_)
                else:
                    schedule.take_back(id_)
    assert len(begun) == len(set(begun))
    assert not schedule.waiting
    assert done | failed | set(schedule.barred) == schedule.needed
    for id_ in schedule.needed:
        inputs = set(plan.steps[id_].inputs.values())
        assert (id_ in schedule.barred) == bool(inputs & (failed | set(schedule.barred)))
    assert set(schedule.barred.values()) <= failed


def test_nothing_runs_where_only_intermediate_artifacts_are_gone():
    pretrained, trained, predicted, scored = chain(1, 1, 1, 1)
    plan = plan_of(pretrained, trained, predicted, scored)
    assert needed(plan, {scored.id}) == set()
    assert needed(plan, {trained.id}) == {predicted.id, scored.id}


def test_a_step_that_fills_a_cell_is_wanted_even_if_another_step_takes_it():
    scored, summary = chain(1, 1)
    cell = Cell("none", 1, "udpos", "en", "test", "f1", False, scored.id)
    assert needed(Plan(in_order([scored, summary]), (cell,)), {summary.id}) == {scored.id}


def test_the_longest_way_to_the_end_begins_first():
    long_chain = chain(5, 5, 5)
    short = Step("predict", {"n": "short"}, {}, "short", Cost(flops=9))
    schedule = Schedule(plan_of(short, *long_chain), set())
    assert schedule.take() == long_chain[0]
    assert schedule.take() == short
    assert schedule.take() is None


def test_a_worker_goes_on_with_what_it_has_in_hand():
    model, other = (Step("model", {"n": n}, {}, f"m{n}", Cost(flops=1)) for n in range(2))
    near = [Step("predict", {"n": n}, {"model": model.id}, f"p{n}", Cost(flops=1)) for n in range(2)]
    far = Step("predict", {"n": 9}, {"model": other.id}, "far", Cost(flops=100))
    schedule = Schedule(plan_of(model, other, *near, far), {model.id, other.id})
    assert schedule.take([near[0].id, model.id]) == near[0]
    assert schedule.take() == far
    assert schedule.take([model.id]) == near[1]


def test_one_artifact_in_two_roles_is_waited_for_once():
    (source,) = chain(1)
    both = Step("predict", {"n": "both"}, {"left": source.id, "right": source.id}, "both")
    schedule = Schedule(plan_of(source, both), set())
    schedule.finish(schedule.take().id)
    assert schedule.take() == both


def test_what_measures_time_waits_for_everything_else_that_is_ready_and_runs_alone():
    bench = Step("bench", {}, {}, "bench", Cost(flops=100))
    others = [Step("predict", {"n": n}, {}, f"p{n}", Cost(flops=1)) for n in range(3)]
    schedule = Schedule(plan_of(bench, *others), set())
    assert schedule.take() == others[0]
    assert schedule.take() == others[1]
    assert schedule.take() == others[2]
    for other in others:
        assert schedule.take() is None
        schedule.finish(other.id)
    assert schedule.take() == bench


def test_nothing_is_begun_beside_what_measures_time():
    bench, other = (Step("bench", {"n": n}, {}, f"b{n}") for n in range(2))
    late = Step("predict", {}, {}, "late")
    schedule = Schedule(plan_of(bench, other, late), set())
    schedule.put_aside(schedule.take().id)  # another run is at the only step that is none
    assert schedule.take() is None
    schedule.take_back(late.id)
    schedule.finish(schedule.take().id)
    first = schedule.take()
    assert schedule.take([first.id]) is None
    schedule.finish(first.id)
    assert {first.id, schedule.take().id} == {bench.id, other.id}


def test_a_warm_worker_does_not_measure_time_out_of_turn():
    (model,) = chain(1)
    bench = Step("bench", {}, {"model": model.id}, "bench")
    far = Step("predict", {"n": "far"}, {}, "far")
    schedule = Schedule(plan_of(model, bench, far), {model.id})
    assert schedule.take([model.id]) == far
