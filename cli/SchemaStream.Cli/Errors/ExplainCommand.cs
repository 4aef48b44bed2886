using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace SchemaStream.Cli.Errors;

/// <summary><c>schemastream explain</c>: what an error's code means and what helps.</summary>
internal static class ExplainCommand
{
    public const string Name = "explain";

    public static Command Create()
    {
        var code = new Argument<string?>("CODE") { Description = "Such as SS4001; without one all are listed", Arity = ArgumentArity.ZeroOrOne };
        return CommonOptions.Attach(
            new FriendlyCommand(Name, "Explains an error by its code.") { code },
            (context, _) => Task.FromResult(context.Arguments.GetValue(code) is { } one ? Explain(context, one) : List(context)),
            connects: false);
    }

    private static int Explain(CommandContext context, string code)
    {
        var wanted = code.Trim().ToUpperInvariant();
        var kind = ErrorCatalog.All.FirstOrDefault(each => each.Code == wanted)
            ?? throw ErrorCatalog.CodeUnknown.Exception($"There is no error '{code}'.", nextStep: NearMisses.Ask(wanted, ErrorCatalog.All.Select(each => each.Code)));
        context.Output.Line($"{kind.Code}  {kind.Title}");
        context.Output.Line("");
        context.Output.Line(kind.Text);
        context.Output.Line("");
        context.Output.Line($"What helps: {kind.NextStep}");
        context.Output.Line(string.Create(CultureInfo.InvariantCulture, $"Exit code:  {kind.ExitCode}"));
        context.Output.Json(writer => Write(writer, kind));
        return ExitCodes.Done;
    }

    private static int List(CommandContext context)
    {
        context.Output.Table(
            ["CODE", "EXIT", "TITLE"],
            [.. ErrorCatalog.All.Select(IReadOnlyList<string> (kind) => [kind.Code, kind.ExitCode.ToString(CultureInfo.InvariantCulture), kind.Title])]);
        context.Output.Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("errors");
            foreach (var kind in ErrorCatalog.All)
            {
                Write(writer, kind);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
        return ExitCodes.Done;
    }

    private static void Write(Utf8JsonWriter writer, ErrorKind kind)
    {
        writer.WriteStartObject();
        writer.WriteString("code", kind.Code);
        writer.WriteString("title", kind.Title);
        writer.WriteString("text", kind.Text);
        writer.WriteString("nextStep", kind.NextStep);
        writer.WriteNumber("exitCode", kind.ExitCode);
        writer.WriteEndObject();
    }
}
