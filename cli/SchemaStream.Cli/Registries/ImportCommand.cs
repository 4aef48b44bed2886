using System.CommandLine;
using SchemaStream.Cli.Processes;
using SchemaStream.Cli.Registries.Copying;

namespace SchemaStream.Cli.Registries;

/// <summary><c>schemastream registry import</c>: a whole registry from a file, or from another registry.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var url = CopyOptions.Url("--url", "The registry to fill; it may hold a part already, as after an import that was interrupted", required: true);
        var user = CopyOptions.User("--user");
        var token = CopyOptions.Token("--token");
        var file = new Option<FileInfo?>("--file") { Description = "A file that export has written", HelpName = "FILE" };
        var from = CopyOptions.Url("--from", "A running registry to read instead of a file, ours or a Confluent-compatible one", required: false);
        var fromUser = CopyOptions.User("--from-user");
        var fromToken = CopyOptions.Token("--from-token");
        var command = new Command("import", "Fills a registry from a file or another registry, with the same ids and versions, and checks the outcome.")
        {
            url, user, token, file, from, fromUser, fromToken,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(file) is null == result.GetResult(from) is null)
            {
                result.AddError("expected either --file FILE or --from URL");
            }
        });
        command.SetAction(async (arguments, cancellation) =>
        {
            using var signals = new StopSignals(RegistryCommand.Name, cancellation);
            var stop = signals.Stop.Token;
            return await RegistryCommand.GuardAsync(async () =>
            {
                RegistryContents contents;
                if (arguments.GetValue(file) is { } written)
                {
                    contents = await RegistryFile.ReadAsync(written.FullName, stop);
                }
                else
                {
                    using var source = new RegistryApi(
                        arguments.GetValue(from)!, CopyOptions.Credentials(arguments.GetValue(fromUser), arguments.GetValue(fromToken)), TimeProvider.System);
                    contents = await RegistrySource.ReadAsync(source, stop);
                }

                using var target = new RegistryApi(
                    arguments.GetValue(url)!, CopyOptions.Credentials(arguments.GetValue(user), arguments.GetValue(token)), TimeProvider.System);
                var missing = await new RegistryImport(target, contents).RunAsync(stop);
                Console.WriteLine($"imported {contents}; {missing} versions were missing");
                return ExitCodes.Done;
            }, stop);
        });
        return command;
    }
}
