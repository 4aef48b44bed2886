using System.CommandLine;
using SchemaStream.Cli.Processes;
using SchemaStream.Cli.Registries.Copying;

namespace SchemaStream.Cli.Registries;

/// <summary><c>schemastream registry export</c>: a whole registry as one file.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var url = CopyOptions.Url("--url", "The registry to read, ours or a Confluent-compatible one", required: true);
        var file = new Option<FileInfo>("--file") { Description = "Where to write it: JSON, a line each", HelpName = "FILE", Required = true };
        var user = CopyOptions.User("--user");
        var token = CopyOptions.Token("--token");
        var command = new Command("export", "Writes schemas with ids, versions, settings, contexts and contracts of a running registry into one file.")
        {
            url, file, user, token,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            using var signals = new StopSignals(RegistryCommand.Name, cancellation);
            return await RegistryCommand.GuardAsync(async () =>
            {
                using var api = new RegistryApi(
                    arguments.GetValue(url)!, CopyOptions.Credentials(arguments.GetValue(user), arguments.GetValue(token)), TimeProvider.System);
                var contents = await RegistrySource.ReadAsync(api, signals.Stop.Token);
                await RegistryFile.WriteAsync(arguments.GetValue(file)!.FullName, contents, signals.Stop.Token);
                Console.WriteLine($"exported {contents}");
                return ExitCodes.Done;
            }, signals.Stop.Token);
        });
        return command;
    }
}
