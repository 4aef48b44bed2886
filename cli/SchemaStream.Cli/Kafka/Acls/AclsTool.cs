using System.Text;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Options;
using SchemaStream.Protocol;

namespace SchemaStream.Cli.Kafka.Acls;

/// <summary><c>kafka-acls</c>: for clusters that have an authorizer. A broker of SchemaStream has none, and says so.</summary>
internal sealed class AclsTool : IKafkaTool
{
    public string Name => "kafka-acls";

    public ToolSyntax Syntax { get; } =
        new ToolSyntax("kafka-acls", "This tool helps to manage acls on kafka.")
        .Value("bootstrap-server", "server to connect to", "REQUIRED: The brokers to connect to, as host:port, separated by commas.")
        .Value("command-config", "file", "Properties file with settings of the client.")
        .Flag("add", "Add access rules.")
        .Flag("remove", "Remove access rules; asks, unless --force is given.")
        .Flag("list", "List the access rules of the resources that are named, or all.")
        .Value("topic", "topic", "A topic; '*' is all of them.")
        .Flag("cluster", "The cluster itself.")
        .Value("group", "group", "A consumer group; '*' is all of them.")
        .Value("transactional-id", "transactional-id", "A transactional id; '*' is all of them.")
        .Value("delegation-token", "delegation-token", "A delegation token; '*' is all of them.")
        .Value("user-principal", "user-principal", "A user, as the resource of rules.")
        .Flag("idempotent", "With --producer: the right to write idempotently.")
        .Value("resource-pattern-type", "ANY|MATCH|LITERAL|PREFIXED", "What names are; when rules are added, LITERAL or PREFIXED (default: LITERAL).")
        .Value("operation", "operation", $"What is allowed or denied (default: All): {string.Join(", ", AclNames.OperationNames)}.")
        .Value("allow-principal", "allow-principal", "Who is allowed, as User:name; User:* is everyone.")
        .Value("deny-principal", "deny-principal", "Who is denied, whatever else allows it.")
        .Value("principal", "principal", "With --list: only rules of this principal.")
        .Value("allow-host", "allow-host", "From where it is allowed (default: *).")
        .Value("deny-host", "deny-host", "From where it is denied (default: *).")
        .Flag("producer", "All that a producer needs: Write, Describe and Create on the topic.")
        .Flag("consumer", "All that a consumer needs: Read and Describe on the topic, Read on the group.")
        .Flag("force", "Ask nothing.");

    public async Task<int> RunAsync(ToolArguments arguments, ToolConsole console, CancellationToken cancellationToken)
    {
        var acls = new AclArguments(arguments);
        acls.Check();
        var rules = arguments.Has("list") ? [] : acls.FindRules();
        var listed = acls.Principals("principal");
        await using var cluster = ToolCluster.Open(arguments, ClientProperties.Load(arguments.Value("command-config")), Name);
        var administration = new AclAdministration(cluster);
        try
        {
            await (arguments.Has("add") ? AddAsync(administration, rules, console.Text, cancellationToken)
                : arguments.Has("remove") ? RemoveAsync(administration, rules, arguments.Has("force"), console, cancellationToken)
                : ListAsync(administration, acls.FindResources(), listed, console.Text, cancellationToken));
            return ExitCodes.Done;
        }
        catch (ToolFailedException refused) when (refused.Error != ErrorCode.None)
        {
            // On standard output, as Kafka's tool has it.
            console.Text.Write($"Error while executing ACL command: {KafkaErrors.ClassName(refused.Error)}: {refused.Message}\n");
            if (refused.Error == ErrorCode.SecurityDisabled)
            {
                console.Error.WriteLine("This cluster keeps no access rules: its brokers have no authorizer, so whoever may connect may do everything.");
            }

            return ExitCodes.Failed;
        }
    }

    private static async Task AddAsync(
        AclAdministration administration, List<(AclResource Resource, List<AclRule> Rules)> rules, TextWriter output, CancellationToken cancellationToken)
    {
        foreach (var (resource, its) in rules)
        {
            output.Write($"Adding ACLs for resource `{resource}`: \n {Lines(its)} \n\n");
            await administration.AddAsync(resource, its, cancellationToken);
        }
    }

    private static async Task RemoveAsync(
        AclAdministration administration, List<(AclResource Resource, List<AclRule> Rules)> rules, bool isForced, ToolConsole console, CancellationToken cancellationToken)
    {
        using var input = new StreamReader(console.Input, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        foreach (var (filter, its) in rules)
        {
            var question = its.Count == 0
                ? $"Are you sure you want to delete all ACLs for resource filter `{filter}`? (y/n)\n"
                : $"Are you sure you want to remove ACLs: \n {Lines(its)} \n from resource filter `{filter}`? (y/n)\n";
            if (isForced || await AsksAsync(question, input, console, cancellationToken))
            {
                await administration.RemoveAsync(filter, its, cancellationToken);
            }
        }
    }

    private static async Task<bool> AsksAsync(string question, StreamReader input, ToolConsole console, CancellationToken cancellationToken)
    {
        console.Text.Write(question);
        await console.Text.FlushAsync(cancellationToken);

        // Reading a terminal is not cancelled, so it is left behind. No answer is no.
        var answer = await input.ReadLineAsync(cancellationToken).AsTask().WaitAsync(cancellationToken);
        return answer?.Equals("y", StringComparison.OrdinalIgnoreCase) == true;
    }

    private static async Task ListAsync(
        AclAdministration administration, List<AclResource> filters, IReadOnlyList<string> principals, TextWriter output, CancellationToken cancellationToken)
    {
        var found = new List<(AclResource Resource, AclRule Rule)>();
        foreach (var filter in filters.Count == 0 ? [null] : filters.Cast<AclResource?>())
        {
            found.AddRange(await administration.ListAsync(filter, cancellationToken));
        }

        if (principals.Count == 0)
        {
            Write(found, output);
        }

        foreach (var principal in principals)
        {
            output.Write($"ACLs for principal `{principal}`\n");
            Write(found.Where(each => each.Rule.Principal == principal), output);
        }
    }

    private static void Write(IEnumerable<(AclResource Resource, AclRule Rule)> found, TextWriter output)
    {
        foreach (var resource in found.Distinct().GroupBy(each => each.Resource, each => each.Rule))
        {
            output.Write($"Current ACLs for resource `{resource.Key}`: \n {Lines(resource)} \n\n");
        }
    }

    private static string Lines(IEnumerable<AclRule> rules) => string.Join('\n', rules.Select(rule => $"\t{rule}"));
}
