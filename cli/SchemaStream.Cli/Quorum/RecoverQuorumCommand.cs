using System.CommandLine;
using Microsoft.Extensions.Logging;
using SchemaStream.Broker;
using SchemaStream.Broker.Configuration;
using SchemaStream.Broker.Nodes;
using SchemaStream.Broker.Runtime.DataDirectories;
using SchemaStream.Broker.Runtime.Quorum;
using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Cli.Quorum;

/// <summary><c>schemastream recover-quorum</c>: a survivor becomes a quorum of one when the majority is gone for good.</summary>
internal static class RecoverQuorumCommand
{
    private const string VotersKey = "controller.quorum.voters";

    public static Command Create()
    {
        var config = CommandOptions.ConfigFile("The settings of the node that survived; it must not run");
        var yes = new Option<bool>("--yes") { Description = "Does not ask" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Says what would be done, and does nothing" };
        var command = new Command(
            "recover-quorum",
            "Makes a stopped controller the only voter, when the others are gone for good. What only they had is lost.")
        {
            config, yes, dryRun,
        };
        command.SetAction(arguments =>
        {
            using var logs = ConsoleLogs.Create(LogLevel.Warning);
            try
            {
                return Run(arguments.GetRequiredValue(config).FullName, arguments.GetValue(yes), arguments.GetValue(dryRun), logs);
            }
            catch (Exception e) when (e is BrokerStartException or DataDirectoryException or LogStorageException or IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"schemastream recover-quorum: {e.Message}");
                return ExitCodes.Failed;
            }
        });
        return command;
    }

    private static int Run(string configPath, bool isSure, bool isDryRun, ILoggerFactory logs)
    {
        var file = BrokerConfigFile.Load(configPath);
        var node = NodeConfiguration.From(BrokerOptions.FromFile(file));
        if (!node.IsController)
        {
            throw new BrokerStartException($"{file.Where("process.roles")}: expected a node with the role controller, found a broker");
        }

        var plan = QuorumRecovery.Plan(node.DataDirectory, node.NodeId, TimeProvider.System, logs);
        RecoveryText.WritePlan(Console.Out, node, plan);
        if (isDryRun)
        {
            return ExitCodes.Done;
        }

        if (!isSure && WhyNot() is { } refusal)
        {
            return refusal;
        }

        var done = QuorumRecovery.Recover(node.DataDirectory, node.NodeId, TimeProvider.System, logs);
        KeepVoter(file, node.NodeId);
        Console.WriteLine(
            $"Node {node.NodeId} is the only voter of cluster {done.ClusterId} from epoch {done.LeaderEpoch} on. "
            + $"Start it with: schemastream broker --config {file.Path}");
        return ExitCodes.Done;
    }

    /// <summary>Asks; null when the answer was yes, otherwise with what the program ends.</summary>
    private static int? WhyNot()
    {
        if (Console.IsInputRedirected)
        {
            Console.Error.WriteLine("schemastream recover-quorum: nothing was changed. There is no terminal to ask at: give --yes to go on.");
            return ExitCodes.Usage;
        }

        Console.Error.Write("Go on? [y/N] ");
        if (Console.ReadLine()?.Trim().ToUpperInvariant() is "Y" or "YES")
        {
            return null;
        }

        Console.Error.WriteLine("Nothing was changed.");
        return ExitCodes.Failed;
    }

    /// <summary>The file no longer names the voters that are gone: who starts with an empty directory must not take itself for one.</summary>
    private static void KeepVoter(BrokerConfigFile file, int nodeId)
    {
        if (file.Settings.GetValueOrDefault(VotersKey)?.Split(',') is { } voters
            && Array.Find(voters, voter => voter.Trim().StartsWith($"{nodeId}@", StringComparison.Ordinal)) is { } own)
        {
            file.Set(VotersKey, own.Trim());
            file.Save();
        }
    }
}
