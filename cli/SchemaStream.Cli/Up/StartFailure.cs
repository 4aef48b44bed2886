using System.Net.Sockets;
using SchemaStream.Broker;
using SchemaStream.Broker.Nodes;
using SchemaStream.Broker.Server.Settings;
using SchemaStream.Broker.Storage.Directories;
using SchemaStream.Registry.Configuration;

namespace SchemaStream.Cli.Up;

/// <summary>Why <c>schemastream up</c> does not start, in the words of its own options.</summary>
internal static class StartFailure
{
    public static string Explain(Exception failure, StackOptions options)
    {
        if (failure is BrokerStartException { InnerException: SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } })
        {
            // Who starts the same thing twice has the port in the way first, and another port would not help.
            return DirectoryInUse(options) is { } directory
                ? $"{directory} is in use by another process, and so is the port: it seems to run already. Stop that one, or choose another --data-dir and --kafka-port"
                : $"{failure.Message} {PortOption(options)}";
        }

        return failure.Message + RegistrySetting(failure, options);
    }

    private static string PortOption(StackOptions options) => Stack.BrokerOptionsOf(options).Port is null
        ? $"The setting {BrokerSettingNames.Listeners} says which."
        : "--kafka-port PORT says which.";

    /// <summary>Null where nobody has it, or there is no saying.</summary>
    private static string? DirectoryInUse(StackOptions options)
    {
        var directory = NodeConfiguration.From(Stack.BrokerOptionsOf(options)).DataDirectory;
        try
        {
            using var held = new FileStream(Path.Combine(directory, DataDirectory.LockFile), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return null;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return null;
        }
        catch (IOException)
        {
            return directory;
        }
    }

    /// <summary>A setting of the registry that was given to the broker.</summary>
    private static string RegistrySetting(Exception failure, StackOptions options) =>
        failure is BrokerStartException
        && options.BrokerSettings.Keys.FirstOrDefault(RegistrySettingDefinitions.All.ContainsKey) is { } key
        && failure.Message.Contains($"'{key}'", StringComparison.Ordinal)
            ? $". The registry has such a setting: {StackRegistry.SetName} {key}=VALUE"
            : "";
}
