using System.CommandLine;

namespace SchemaStream.Cli.Completion;

/// <summary><c>schemastream completion</c>: the script that has a shell ask <c>schemastream complete</c> for what may follow.</summary>
internal static class CompletionCommand
{
    public const string Name = "completion";

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh, fish or powershell" };
        shell.AcceptOnlyFromAmong([.. CompletionScripts.Shells]);
        return CommonOptions.Attach(
            new FriendlyCommand(Name, "Writes the script that makes a shell complete commands, options, and names of topics, groups and subjects.") { shell },
            (context, _) =>
            {
                var text = CompletionScripts.Of(context.Get(shell));
                context.Output.Line(text.TrimEnd('\n'));
                context.Output.Json(writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteString("shell", context.Get(shell));
                    writer.WriteString("script", text);
                    writer.WriteEndObject();
                });
                return Task.FromResult(ExitCodes.Done);
            },
            connects: false);
    }
}
