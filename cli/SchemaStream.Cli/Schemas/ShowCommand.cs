using System.CommandLine;
using SchemaStream.Cli.Errors;

namespace SchemaStream.Cli.Schemas;

/// <summary><c>schemastream schemas show</c>: one schema.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var subject = new Argument<string?>("subject") { Description = "The subject, such as orders-value", Arity = ArgumentArity.ZeroOrOne };
        var version = SubjectArguments.Version();
        var id = new Option<int?>("--id") { Description = "The schema of an id, as messages carry it, in the place of a subject", HelpName = "ID" };
        var raw = new Option<bool>("--raw") { Description = "The schema's text alone, as the registry has it" };
        var command = new FriendlyCommand("show", "Shows one schema.") { subject, version, id, raw };
        command.Validators.Add(result =>
        {
            if (result.GetResult(subject)?.Tokens.Count > 0 == result.GetResult(id) is not null)
            {
                result.AddError("Either a subject or --id is expected.");
            }
        });
        return CommonOptions.Attach(
            command,
            (context, cancellation) => RunAsync(context, context.Get(subject), context.Get(version), context.Get(id), context.Get(raw), cancellation));
    }

    private static async Task<int> RunAsync(
        CommandContext context, string? subject, string version, int? id, bool isRaw, CancellationToken cancellationToken)
    {
        using var registry = context.OpenRegistry();
        var schema = subject is null
            ? await registry.GetSchemaAsync(id is > 0 ? id.Value : throw ErrorCatalog.Usage.Exception($"--id {id}: ids begin with 1."), cancellationToken)
            : await RegistryLookup.VersionAsync(registry, subject, SubjectArguments.ReadVersion(version), cancellationToken);
        if (isRaw)
        {
            context.Output.Line(schema.Text);
        }
        else
        {
            context.Output.Line(
                (schema.Subject is null ? "" : $"{schema.Subject} version {schema.Version}, ") + $"id {schema.Id}, {SchemaFormatNames.NameOf(schema.Format)}");
            foreach (var reference in schema.References)
            {
                context.Output.Line($"references {reference.Name}: {reference.Subject} version {reference.Version}");
            }

            context.Output.Line("");
            context.Output.Line(SchemaJson.Pretty(schema));
        }

        context.Output.Json(writer => SchemaJson.Write(writer, schema, withText: true));
        return ExitCodes.Done;
    }
}
