using System.CommandLine;
using System.Text.Json;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Schemas.Comparing;
using SchemaStream.Registry.Client;

namespace SchemaStream.Cli.Schemas;

/// <summary><c>schemastream schemas diff</c>: what differs between two versions, or a version and a file.</summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        var subject = SubjectArguments.Subject();
        var from = new Option<string?>("--from") { Description = "The older version (default: the one before --to, or the latest with --file)", HelpName = "VERSION" };
        var newer = new Option<string>("--to") { Description = "The newer version", HelpName = "VERSION", DefaultValueFactory = _ => "latest" };
        var file = new Option<FileInfo?>("--file") { Description = "A file in the place of the newer version", HelpName = "FILE" };
        var type = SubjectArguments.Type();
        var references = SubjectArguments.References();
        var command = new FriendlyCommand("diff", "Shows what differs between two versions, or a version and a file, and which reads which.")
        {
            subject, from, newer, file, type, references,
        };
        return CommonOptions.Attach(command, async (context, cancellation) =>
        {
            using var registry = context.OpenRegistry();
            var name = context.Get(subject);
            var second = context.Get(file) is { } local
                ? await SchemaText.OfFileAsync(registry, local, context.Get(type), context.Get(references), cancellation)
                : await OfVersionAsync(registry, name, SubjectArguments.ReadVersion(context.Get(newer)), cancellation);
            var first = context.Get(from) is { } older
                ? await OfVersionAsync(registry, name, SubjectArguments.ReadVersion(older), cancellation)
                : await OfVersionAsync(
                    registry, name, context.Get(file) is null ? await BeforeAsync(registry, name, context.Get(newer), cancellation) : null, cancellation);
            Tell(context, first, second);
            return ExitCodes.Done;
        });
    }

    private static async Task<SchemaText> OfVersionAsync(IRegistryClient registry, string subject, int? version, CancellationToken cancellationToken) =>
        await SchemaText.OfAsync(registry, await RegistryLookup.VersionAsync(registry, subject, version, cancellationToken), cancellationToken);

    private static async Task<int> BeforeAsync(IRegistryClient registry, string subject, string newer, CancellationToken cancellationToken)
    {
        var versions = await RegistryLookup.VersionsAsync(registry, subject, cancellationToken);
        var last = SubjectArguments.ReadVersion(newer) ?? versions[^1];
        var before = versions.Where(version => version < last).ToList();
        return before.Count > 0
            ? before[^1]
            : throw ErrorCatalog.SubjectUnknown.Exception($"'{subject}' has no version before {last}.", nextStep: "Compare with a file: --file FILE.");
    }

    private static void Tell(CommandContext context, SchemaText first, SchemaText second)
    {
        var differences = first.Format == second.Format
            ? SchemaDifference.Between(first, second)
            : [new SchemaDifference(SchemaDifference.Changed, "/", SchemaFormatNames.NameOf(first.Format), SchemaFormatNames.NameOf(second.Format))];
        var newReadsOld = BrokenRule.Check(first, second, 0, BrokenRule.NewReadsOld);
        var oldReadsNew = BrokenRule.Check(first, second, 0, BrokenRule.OldReadsNew);
        context.Output.Line($"{first.Name} -> {second.Name}");
        foreach (var difference in differences)
        {
            context.Output.Line($"  {difference}");
        }

        context.Output.Line(differences.Count == 0 ? "  nothing differs but, perhaps, the layout" : "");
        Say(context, "the new schema reads old data (BACKWARD)", newReadsOld);
        Say(context, "the old schema reads new data (FORWARD)", oldReadsNew);
        context.Output.Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("from", first.Name);
            writer.WriteString("to", second.Name);
            writer.WriteStartArray("changes");
            foreach (var difference in differences)
            {
                writer.WriteStartObject();
                writer.WriteString("kind", difference.Kind);
                writer.WriteString("path", difference.Path);
                writer.WriteString("from", difference.From);
                writer.WriteString("to", difference.To);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            WriteDirection(writer, "newReadsOld", newReadsOld);
            WriteDirection(writer, "oldReadsNew", oldReadsNew);
            writer.WriteEndObject();
        });
    }

    private static void Say(CommandContext context, string sentence, IReadOnlyList<BrokenRule> broken)
    {
        context.Output.Line($"{(broken.Count == 0 ? "yes" : "no ")}  {sentence}");
        foreach (var rule in broken)
        {
            context.Output.Line($"       {rule}");
        }
    }

    private static void WriteDirection(Utf8JsonWriter writer, string name, IReadOnlyList<BrokenRule> broken)
    {
        writer.WriteStartObject(name);
        writer.WriteBoolean("isCompatible", broken.Count == 0);
        writer.WriteStartArray("broken");
        foreach (var rule in broken)
        {
            rule.Write(writer);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
