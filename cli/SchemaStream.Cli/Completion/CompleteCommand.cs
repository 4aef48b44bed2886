using System.CommandLine;

namespace SchemaStream.Cli.Completion;

/// <summary>
/// <c>schemastream complete</c>, which shells run: writes what may follow, a line each. It says nothing else, and never fails:
/// who presses a key in the middle of a line is not to be told of errors.
/// </summary>
internal static class CompleteCommand
{
    public const string Name = "complete";

    public static Command Create()
    {
        var words = new Argument<string[]>("WORDS") { Description = "The words up to the one that is being typed, the program's name first", Arity = ArgumentArity.ZeroOrMore };
        var line = new Option<string?>("--line") { Description = "The same as one line, up to the cursor", HelpName = "TEXT" };
        var command = new FriendlyCommand(Name, "Writes what may follow on a command line.") { words, line };
        command.Hidden = true;
        return CommonOptions.Attach(
            command,
            async (context, cancellation) =>
            {
                var typed = context.Arguments.GetValue(line) is { } text ? TypedLine.Split(text) : context.Get(words);
                var candidates = await new Candidates(context.EnvironmentVariables).OfAsync(typed, cancellation);
                foreach (var candidate in candidates)
                {
                    context.Output.Line(candidate);
                }

                context.Output.Json(writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteStartArray("candidates");
                    foreach (var candidate in candidates)
                    {
                        writer.WriteStringValue(candidate);
                    }

                    writer.WriteEndArray();
                    writer.WriteEndObject();
                });
                return ExitCodes.Done;
            },
            connects: false);
    }
}
