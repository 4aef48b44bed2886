namespace SchemaStream.Cli.Completion;

/// <summary>Scripts for shells. What they offer is the program's business; they only hand over what was typed.</summary>
internal static class CompletionScripts
{
    /// <summary>bash parts words at colons as well, and takes only what is behind the last one.</summary>
    private const string Bash =
        """
        # schemastream: completion for bash. Load it with: source <(schemastream completion bash)
        _schemastream() {
          local line="${COMP_LINE:0:COMP_POINT}" candidate typed behind
          typed="${line##*[[:space:]]}"
          behind=""
          case "$COMP_WORDBREAKS" in *:*) case "$typed" in *:*) behind="${typed%"${typed##*:}"}" ;; esac ;; esac
          case "$COMP_WORDBREAKS" in *=*) case "$typed" in *=*) behind="${typed%"${typed##*=}"}" ;; esac ;; esac
          COMPREPLY=()
          while IFS= read -r candidate; do
            COMPREPLY+=("${candidate#"$behind"}")
          done < <(schemastream complete --line "$line" 2>/dev/null)
        }
        complete -o default -F _schemastream schemastream

        """;

    private const string Zsh =
        """
        #compdef schemastream
        # schemastream: completion for zsh. Load it with: source <(schemastream completion zsh)
        _schemastream() {
          local -a candidates
          candidates=("${(@f)$(schemastream complete -- "${(@)words[1,CURRENT]}" 2>/dev/null)}")
          candidates=("${(@)candidates:#}")
          if (( ${#candidates} )); then
            compadd -- "${candidates[@]}"
          else
            _files
          fi
        }
        if (( $+functions[compdef] )); then
          compdef _schemastream schemastream
        fi

        """;

    private const string Fish =
        """
        # schemastream: completion for fish. Load it with: schemastream completion fish | source
        complete -c schemastream -e
        complete -c schemastream -f -a '(schemastream complete -- (commandline -opc) (commandline -ct | string collect --allow-empty) 2>/dev/null)'

        """;

    private const string PowerShell =
        """
        # schemastream: completion for PowerShell. Load it with: schemastream completion powershell | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName schemastream -ScriptBlock {
          param($wordToComplete, $commandAst, $cursorPosition)
          $start = $commandAst.Extent.StartOffset
          $line = $commandAst.ToString().PadRight([Math]::Max(0, $cursorPosition - $start)).Substring(0, [Math]::Max(0, $cursorPosition - $start))
          schemastream complete --line $line 2>$null | ForEach-Object {
            [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
          }
        }

        """;

    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish", "powershell"];

    public static string Of(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        "powershell" => PowerShell,
        _ => throw new ArgumentOutOfRangeException(nameof(shell), shell, "No such shell."),
    };
}
