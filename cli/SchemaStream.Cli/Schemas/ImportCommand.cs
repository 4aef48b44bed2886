using System.CommandLine;
using SchemaStream.Cli.Registries.Copying;

namespace SchemaStream.Cli.Schemas;

/// <summary><c>schemastream schemas import</c>: fills a registry from a folder.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var folder = new Option<DirectoryInfo>("--dir") { Description = "A folder that export has written", HelpName = "DIR", Required = true };
        var dryRun = new Option<bool>("--dry-run") { Description = "Reads the folder and says what is in it; writes nothing" };
        return CommonOptions.Attach(
            new FriendlyCommand("import", "Fills an empty registry, or one that holds a part of the same, from a folder: with the same ids and versions.") { folder, dryRun },
            async (context, cancellation) =>
            {
                var contents = await SchemaFolder.ReadAsync(context.Get(folder).FullName, cancellation);
                if (context.Get(dryRun))
                {
                    FolderResult.Tell(context, "would import", context.Get(folder).FullName, contents, null);
                    return ExitCodes.Done;
                }

                using var api = context.OpenRegistryApi();
                var missing = await new RegistryImport(api, contents, (done, all) => context.Output.Progress("registering versions", done, all))
                    .RunAsync(cancellation);
                FolderResult.Tell(context, "imported", context.Get(folder).FullName, contents, missing);
                return ExitCodes.Done;
            });
    }
}
