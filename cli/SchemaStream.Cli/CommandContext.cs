using System.CommandLine;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Output;
using SchemaStream.Cli.Profiles;
using SchemaStream.Cli.Registries.Copying;
using SchemaStream.Registry.Client;

namespace SchemaStream.Cli;

/// <summary>A command's run: what it was told, where it writes, and what it talks to.</summary>
/// <param name="arguments">The command line.</param>
/// <param name="output">Where results go.</param>
/// <param name="settings">What it connects with; found out when it is first asked for.</param>
/// <param name="environment">The environment's variables.</param>
/// <param name="yes">Whether nothing is asked.</param>
/// <param name="isDryRun">Whether nothing is done.</param>
internal sealed class CommandContext(
    ParseResult arguments, CommandOutput output, Lazy<EffectiveSettings> settings, Func<string, string?> environment, bool yes, bool isDryRun)
{
    public ParseResult Arguments => arguments;

    public CommandOutput Output => output;

    public EffectiveSettings Settings => settings.Value;

    public Func<string, string?> EnvironmentVariables => environment;

    /// <summary>The profiles of who runs the command.</summary>
    public ProfileStore Profiles => ProfileStore.Of(environment);

    public IReadOnlyDictionary<string, string> Properties { get => field ??= Settings.Properties; } = null!;

    public bool IsDryRun => isDryRun;

    public string BootstrapServers => Settings.BootstrapServers;

    public string RegistryUrl => Settings.RegistryUrl;

    /// <summary>The value of an option or argument that is required or has a default.</summary>
    public T Get<T>(Option<T> option) => arguments.GetValue(option)!;

    /// <inheritdoc cref="Get{T}(Option{T})"/>
    public T Get<T>(Argument<T> argument) => arguments.GetValue(argument)!;

    /// <summary>Connects when it is first asked something.</summary>
    public ToolCluster OpenCluster(TimeSpan? requestTimeout = null) =>
        ToolCluster.Open(BootstrapServers, Properties, "schemastream", requestTimeout);

    /// <summary>The registry's whole API, for copying.</summary>
    public RegistryApi OpenRegistryApi() => RegistryConnecting.OpenApi(Settings);

    /// <summary>A client of the registry; several addresses are separated by commas.</summary>
    /// <exception cref="CliException">An address is none.</exception>
    public RegistryClient OpenRegistry() => RegistryConnecting.Open(Settings);

    /// <summary>Asks on a terminal, with no for an answer where there is none.</summary>
    /// <exception cref="CliException">There is no terminal, and <c>--yes</c> was not said.</exception>
    public bool Confirm(string question)
    {
        if (yes)
        {
            return true;
        }

        if (!output.IsTerminal)
        {
            throw ErrorCatalog.Unconfirmed.Exception($"{question} Nobody is there to say yes.");
        }

        output.Flush();
        output.Notes.Write($"{question} [y/N] ");
        output.Notes.Flush();
        using var reader = new StreamReader(output.Input, leaveOpen: true);
        return reader.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    /// <summary>As <see cref="Confirm"/>, for a command that has nothing else to do.</summary>
    /// <exception cref="CliException">The answer was no, or nobody was there to give one.</exception>
    public void RequireConfirmed(string question)
    {
        if (!Confirm(question))
        {
            throw ErrorCatalog.Declined.Exception("The answer was no; nothing was done.");
        }
    }
}
