using System.CommandLine;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Kafka;
using SchemaStream.Cli.Output;
using SchemaStream.Cli.Processes;
using SchemaStream.Cli.Profiles;

namespace SchemaStream.Cli;

/// <summary>What the commands of the friendlier half share: their common options, how they connect, how they end.</summary>
internal sealed class CommonOptions
{
    private readonly Option<string?> _servers = new("--bootstrap-server")
    {
        Description = "The brokers, as host:port, separated by commas (default: 127.0.0.1:9092)", HelpName = "HOST:PORT",
    };

    private readonly Option<string?> _registry = new("--registry") { Description = "The schema registry (default: http://127.0.0.1:8081)", HelpName = "URL" };

    private readonly Option<string?> _profile = new("--profile") { Description = "The profile with addresses and settings; `schemastream profile` makes them", HelpName = "NAME" };

    private readonly Option<FileInfo?> _config = new("--command-config")
    {
        Description = "A file of settings by Kafka's names, for security above all; schema.registry.* for the registry", HelpName = "FILE",
    };

    private readonly Option<OutputFormat> _output = new("--output") { Description = "In what form results are written: table or json", HelpName = "FORM" };

    private readonly Option<bool> _yes = new("--yes") { Description = "Does not ask" };

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Says what would be done, and does nothing" };

    private CommonOptions()
    {
    }

    /// <summary>Gives a command its common options and has it run with what they say.</summary>
    /// <param name="command">The command, its own options within.</param>
    /// <param name="run">Returns the exit code; whatever is expected to fail may be thrown.</param>
    /// <param name="isDestructive">Whether it can be told <c>--yes</c> and <c>--dry-run</c>.</param>
    /// <param name="connects">Whether it can be told what to talk to.</param>
    public static Command Attach(
        Command command, Func<CommandContext, CancellationToken, Task<int>> run, bool isDestructive = false, bool connects = true)
    {
        var common = new CommonOptions();
        if (connects)
        {
            command.Options.Add(common._servers);
            command.Options.Add(common._registry);
            command.Options.Add(common._profile);
            command.Options.Add(common._config);
        }

        command.Options.Add(common._output);
        if (isDestructive)
        {
            command.Options.Add(common._yes);
            command.Options.Add(common._dryRun);
        }

        command.SetAction((arguments, cancellation) => common.RunAsync(command, arguments, isDestructive, connects, run, cancellation));
        return command;
    }

    private async Task<int> RunAsync(
        Command command,
        ParseResult arguments,
        bool isDestructive,
        bool connects,
        Func<CommandContext, CancellationToken, Task<int>> run,
        CancellationToken cancellation)
    {
        var given = arguments.InvocationConfiguration as CommandInvocation;
        var console = given?.Console ?? ToolConsole.OfProcess();
        var output = new CommandOutput(console, arguments.GetValue(_output));
        using var signals = new StopSignals(command.Name, cancellation);
        try
        {
            var environment = given?.EnvironmentVariables ?? Environment.GetEnvironmentVariable;
            var settings = new Lazy<EffectiveSettings>(() => connects
                ? EffectiveSettings.Resolve(
                    arguments.GetValue(_servers),
                    arguments.GetValue(_registry),
                    arguments.GetValue(_profile),
                    arguments.GetValue(_config)?.FullName,
                    environment)
                : EffectiveSettings.Resolve(null, null, null, null, environment));
            var context = new CommandContext(
                arguments, output, settings, environment, isDestructive && arguments.GetValue(_yes), isDestructive && arguments.GetValue(_dryRun));
            return await run(context, signals.Stop.Token);
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return ExitCodes.Failed;
        }
        catch (Exception failure) when (ErrorTranslation.Of(failure) is { } error)
        {
            output.Error(error);
            return error.ExitCode;
        }
        catch (Exception unexpected)
        {
            // The program's outermost border: a script gets a code and an object for this as well, and whoever reports it the place.
            output.Error(ErrorCatalog.Internal.Of(unexpected.Message, unexpected.GetType().FullName));
            output.Notes.WriteLine(unexpected);
            return ErrorCatalog.Internal.ExitCode;
        }
        finally
        {
            output.Flush();
            if (given is null)
            {
                console.Dispose();
            }
        }
    }
}
