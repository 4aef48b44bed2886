using System.CommandLine;
using SchemaStream.Cli.Registries.Copying;

namespace SchemaStream.Cli.Schemas;

/// <summary><c>schemastream schemas export</c>: a registry, or some of its subjects, as a folder.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var folder = new Option<DirectoryInfo>("--dir") { Description = "The folder to write", HelpName = "DIR", Required = true };
        var subjects = new Option<string[]>("--subject")
        {
            Description = "Only this subject, with what it references; may be repeated (default: the whole registry)", HelpName = "SUBJECT",
        };
        return CommonOptions.Attach(
            new FriendlyCommand("export", "Writes schemas with ids, versions, contexts and references into a folder.") { folder, subjects },
            async (context, cancellation) =>
            {
                using var api = context.OpenRegistryApi();
                var contents = await RegistrySource.ReadAsync(api, (done, all) => context.Output.Progress("reading settings", done, all), cancellation);
                if (context.Get(subjects) is { Length: > 0 } wanted)
                {
                    contents = SchemaFolder.Select(contents, wanted);
                }

                await SchemaFolder.WriteAsync(context.Get(folder).FullName, contents, cancellation);
                FolderResult.Tell(context, "exported", context.Get(folder).FullName, contents, null);
                return ExitCodes.Done;
            });
    }
}

/// <summary>What was copied.</summary>
internal static class FolderResult
{
    public static void Tell(CommandContext context, string done, string folder, RegistryContents contents, int? missing)
    {
        context.Output.Line($"{done} {contents}{(missing is { } count ? $"; {count} versions were missing" : "")}");
        context.Output.Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("folder", folder);
            writer.WriteNumber("subjects", contents.Schemas.Select(schema => schema.Subject).Distinct(StringComparer.Ordinal).Count());
            writer.WriteNumber("versions", contents.Schemas.Count);
            writer.WriteNumber("contexts", contents.Contexts.Count + 1);
            writer.WriteNumber("contracts", contents.Contracts.Count);
            if (missing is { } added)
            {
                writer.WriteNumber("added", added);
            }

            writer.WriteEndObject();
        });
    }
}
