using System.CommandLine;
using System.Net.Sockets;
using SchemaStream.Protocol;

namespace SchemaStream.Cli.Quorum;

/// <summary><c>schemastream quorum</c>: the controllers of a cluster, asked and changed over any of its brokers.</summary>
internal static class QuorumCommand
{
    public static Command Create()
    {
        var bootstrap = new Option<string>("--bootstrap-server")
        {
            Description = "Brokers of the cluster, of which one has to answer",
            HelpName = "HOST:PORT,...",
            Required = true,
            Recursive = true,
        };
        var command = new Command("quorum", "Shows and changes the quorum of controllers.")
        {
            Describe(bootstrap), AddVoter(bootstrap), RemoveVoter(bootstrap), Transfer(bootstrap),
        };
        command.Options.Add(bootstrap);
        return command;
    }

    private static Command Describe(Option<string> bootstrap)
    {
        var command = new Command("describe", "Shows the leader, the voters and the observers, and how far each has come.");
        command.SetAction((arguments, cancellation) => RunAsync(
            arguments.GetRequiredValue(bootstrap),
            (client, token) => client.DescribeAsync(Console.Out, TimeProvider.System, token),
            cancellation));
        return command;
    }

    private static Command AddVoter(Option<string> bootstrap)
    {
        var id = NodeId("The node that shall vote; it runs as a controller and is shown as an observer");
        var endpoint = new Option<string>("--endpoint")
        {
            Description = "Its controller listener, as the other nodes reach it",
            HelpName = "HOST:PORT",
            Required = true,
        };
        endpoint.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (!Endpoints.TryParse(token.Value, out _))
                {
                    result.AddError($"--endpoint {token.Value}: expected HOST:PORT");
                }
            }
        });
        var command = new Command("add-voter", "Adds a controller to the voters.") { id, endpoint };
        command.SetAction((arguments, cancellation) => RunAsync(
            arguments.GetRequiredValue(bootstrap),
            (client, token) => client.AddVoterAsync(arguments.GetValue(id), Endpoints.Parse(arguments.GetRequiredValue(endpoint)), token),
            cancellation));
        return command;
    }

    private static Command RemoveVoter(Option<string> bootstrap)
    {
        var id = NodeId("The node that shall vote no longer");
        var command = new Command("remove-voter", "Takes a controller out of the voters.") { id };
        command.SetAction((arguments, cancellation) => RunAsync(
            arguments.GetRequiredValue(bootstrap), (client, token) => client.RemoveVoterAsync(arguments.GetValue(id), token), cancellation));
        return command;
    }

    private static Command Transfer(Option<string> bootstrap)
    {
        var id = NodeId("The voter that shall lead");
        var command = new Command("transfer", "Hands the leadership of the quorum to another voter.") { id };
        command.SetAction((arguments, cancellation) => RunAsync(
            arguments.GetRequiredValue(bootstrap), (client, token) => client.TransferAsync(arguments.GetValue(id), token), cancellation));
        return command;
    }

    private static Option<int> NodeId(string description) => new("--id") { Description = description, HelpName = "NODE", Required = true };

    private static async Task<int> RunAsync(
        string bootstrapServers, Func<QuorumClient, CancellationToken, Task> work, CancellationToken cancellation)
    {
        try
        {
            await using var client = await QuorumClient.ConnectAsync(bootstrapServers, cancellation);
            await work(client, cancellation);
            return ExitCodes.Done;
        }
        catch (Exception e) when (e is QuorumCommandException or IOException or SocketException or ProtocolException or TimeoutException)
        {
            await Console.Error.WriteLineAsync($"schemastream quorum: {e.Message}");
            return e is QuorumCommandException told ? told.ExitCode : ExitCodes.Unreachable;
        }
    }
}
