# Bash completion for the command `dunlin`: put it into /usr/share/bash-completion/completions/dunlin,
# or source it. Commands and flags are asked of the program itself, so nothing here goes stale.

# The command named so far, if any.
_dunlin_command() {
    local word
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $word in
            call | describe | help | resolve | check | press) echo "$word"; return ;;
        esac
    done
}

_dunlin_flags() {
    "${COMP_WORDS[0]}" ${1:+"$1"} --help 2> /dev/null | grep -E '^  --' \
        | grep -oE -- '--[a-z0-9.-]+=?' | sort -u
}

# The words that a flag takes, from its help: "Value: one of: a, b, c."
_dunlin_values() {
    "${COMP_WORDS[0]}" ${1:+"$1"} --help 2> /dev/null | tr '\n' ' ' | tr -s ' ' \
        | grep -oE -- "$2=WORD [^=]*Value: one of: [^.]*\." | head -n 1 \
        | sed -E 's/.*one of: //; s/[.,]//g'
}

# Methods of the service, where it is quickly there and says so.
_dunlin_methods() {
    "${COMP_WORDS[0]}" help "$1" --timeout=1s 2> /dev/null \
        | sed -nE 's/^  ([^ ].*[ ])?([A-Za-z_][A-Za-z0-9_]*)\(.*/\2/p'
}

_dunlin() {
    local current=${COMP_WORDS[COMP_CWORD]} command flag
    command=$(_dunlin_command)
    COMPREPLY=()

    # Bash takes --flag=value for three words.
    if [[ $current == = ]]; then
        flag=${COMP_WORDS[COMP_CWORD - 1]} current=
    elif [[ ${COMP_WORDS[COMP_CWORD - 1]} == = ]]; then
        flag=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    if [[ -n ${flag-} ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_dunlin_values "$command" "$flag")" -- "$current")
        [[ ${#COMPREPLY[@]} -gt 0 ]] || mapfile -t COMPREPLY < <(compgen -f -- "$current")
    elif [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_dunlin_flags "$command")" -- "$current")
        [[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace
    elif [[ -z $command ]]; then
        mapfile -t COMPREPLY < <(compgen -W "call describe help resolve check press" -- "$current")
    elif [[ $command =~ ^(call|help|press)$ && ${COMP_WORDS[COMP_CWORD - 2]} == "$command" ]]; then
        mapfile -t COMPREPLY \
            < <(compgen -W "$(_dunlin_methods "${COMP_WORDS[COMP_CWORD - 1]}")" -- "$current")
    fi
}

complete -F _dunlin dunlin
