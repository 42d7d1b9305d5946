"""What keeps a map from being in force (``route_check``) as sentences, each after the name of its point."""

from crm_tui.i18n import N_

PROBLEMS: dict[str, str] = {
    "account_unknown": N_("there is no account {account} that can send."),
    "action_unknown": N_("there is no action {action}."),
    "choice_of_two_defaults": N_("more than one way is without a condition: only one can be the way else."),
    "choice_without_default": N_("each way has a condition: leave one without, to be taken when none holds."),
    "comes_twice": N_(
        "two tokens can stand here at once: parallel branches run together without a join before it."
    ),
    "condition_about_nothing": N_("there is nothing that a condition could ask about here."),
    "condition_needless": N_("a way from here has a condition: only those of a choice point have one."),
    "condition_wrong": N_("a condition cannot be used: {because}"),
    "controlling_missing": N_("choose the branch that controls the Interest's state."),
    "controlling_twice": N_("more than one branch controls the Interest's state: only one can."),
    "controls_in_independent": N_("a branch controls a state, but an independent map changes none."),
    "controls_in_side_branch": N_(
        "a branch controls the state, but this split stands in a branch that does not control it."
    ),
    "controls_needless": N_("only a branch of a split can control the state."),
    "document_unknown": N_("there is no kind of document {document} that a step could demand."),
    "duration_missing": N_("say for how long, at least one unit."),
    "end_missing": N_("the map has no end point."),
    "endless": N_("it goes round by itself without anybody doing anything: {points}."),
    "fails_at_once": N_(
        "the process could fail as soon as it starts, before anybody can say why: put a step first."
    ),
    "failure_not_in_lost_state": N_("an unsuccessful end needs a state that is lost, and {state} is not."),
    "field_unknown": N_("there is no field {field} for this."),
    "flow_from_end": N_("a way leads on from an end."),
    "flow_from_nowhere": N_("a way comes from {source}, which is not in the map."),
    "flow_of_unknown_outcome": N_("a way is for the outcome {outcome}, which the step does not have."),
    "flow_to_nowhere": N_("a way leads to {target}, which is not in the map."),
    "flow_to_start": N_("a way leads back to the start point: lead it to the first step."),
    "flow_without_outcome": N_("a way says nothing of the outcome that it is for."),
    "id_twice": N_("two points have this id."),
    "id_wrong": N_("an id is made of small Latin letters, digits and _, at most 50."),
    "join_of_one": N_("only one way comes to this join: there is nothing to wait for."),
    "join_starves": N_("it can wait for ever: a branch that it waits for may never come."),
    "map_not_in_force": N_("the map {map} is not in force."),
    "map_unknown": N_("there is no map {map}."),
    "map_without_name": N_("the map has no name."),
    "nested_in_itself": N_("the map {map} contains this map: it would start itself without end."),
    "nested_not_independent": N_(
        "{map} is a map of an object process: only an independent one can be nested."
    ),
    "nested_of_other_kind": N_("the map {map} runs on cards of another kind ({kind})."),
    "no_step_before": N_("there is no step before it whose performer it could have."),
    "no_way_on": N_("no way leads on from here."),
    "no_way_to_end": N_("no end can be reached from here."),
    "not_proved": N_(
        "so many branches run into each other that it cannot be proved that each comes to its end: "
        "let every split meet in one join."
    ),
    "object_not_interest": N_("an object process runs on an Interest."),
    "outcome_needless": N_("a way is for the outcome {outcome}, but only steps have outcomes."),
    "outcome_of_two_flows": N_("two ways are for the outcome {outcome}."),
    "outcome_twice": N_("two outcomes are called {outcome}."),
    "outcome_without_flow": N_("no way leads on with the outcome {outcome}."),
    "outcome_wrong": N_(
        "the outcome “{outcome}” needs a code of small Latin letters, digits and _, at most 50."
    ),
    "requirement_unknown": N_("it demands {requirement}: a step can demand a document or a field."),
    "role_of_nobody": N_("nobody has the role “{role}” that performs it."),
    "rule_without_target": N_("a rule does not say what it sends, sets or makes."),
    "scenario_missing": N_(
        "choose its scenario: without one it can use only states that every scenario has."
    ),
    "scenario_needless": N_("an independent map works by no scenario."),
    "scenario_unknown": N_("there is no scenario {scenario}."),
    "setting_missing": N_("the action lacks “{setting}”."),
    "setting_unknown": N_("the action has no setting {setting}."),
    "several_ways_on": N_("several ways lead on, and nothing says which: put a choice or a split here."),
    "split_not_joined": N_("an end can be reached while another branch still goes on: join them first."),
    "split_of_one": N_("only one way leads on from this split: it needs two or more."),
    "start_missing": N_("the map has no start point."),
    "start_twice": N_("a map has one start point, and {other} is one."),
    "starts_itself": N_("it would start this map again, and that one again, without end."),
    "state_closes": N_("the state {state} closes the Interest: it can only stand on an end."),
    "state_in_independent": N_("an independent map changes no state, and here is {state}."),
    "state_in_side_branch": N_("only the branch that controls has states, and here is {state}."),
    "state_missing": N_("choose the state that the Interest goes into."),
    "state_unknown": N_("the scenario has no state {state}."),
    "step_without_name": N_("the step has no name."),
    "success_in_lost_state": N_("a successful end cannot lead to {state}, which is lost."),
    "successful_end_missing": N_("no end of the map is successful."),
    "template_unknown": N_("there is no letter template “{template}”."),
    "template_wrong": N_("the template “{template}” cannot be filled: {reason}"),
    "termination_state_missing": N_("early termination is allowed: choose the state that it leads to."),
    "termination_state_needless": N_(
        "there is a state for early termination, which this map does not allow."
    ),
    "termination_state_not_lost": N_("early termination needs a state that is lost, and {state} is not."),
    "termination_state_unknown": N_("the scenario has no state {state} for early termination."),
    "unreachable": N_("nothing leads here from the start."),
    "user_unknown": N_("there is no user “{user}” who could perform it."),
}
