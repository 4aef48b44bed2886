using System.CommandLine;
using SchemaStream.Cli.Errors;
using SchemaStream.Registry.Client;

namespace SchemaStream.Cli.Contracts;

/// <summary><c>schemastream contracts</c>: what topics carry, for ever.</summary>
internal static class ContractsCommand
{
    public const string Name = "contracts";

    public static Command Create() => new FriendlyCommand(Name, "Shows and binds the types of topics.") { List(), Show(), Bind(), Successor() };

    private static Command List()
    {
        var prefix = new Option<string>("--prefix") { Description = "Only topics whose names begin so", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        return CommonOptions.Attach(new FriendlyCommand("list", "Lists the contracts of all topics.") { prefix }, async (context, cancellation) =>
        {
            using var registry = context.OpenRegistry();
            var contracts = (await registry.ListContractsAsync(cancellation))
                .Where(contract => contract.Topic.StartsWith(context.Get(prefix), StringComparison.Ordinal)).ToList();
            if (contracts.Count == 0)
            {
                await RequireContractsAsync(registry, cancellation);
            }

            context.Output.Table(
                ["TOPIC", "KEY", "VALUE", "BINDING"],
                [.. contracts.Select(IReadOnlyList<string> (contract) =>
                    [contract.Topic, contract.Key?.Describe() ?? "-", contract.Value?.Describe() ?? "-", ContractResult.NameOf(contract.Binding)])]);
            context.Output.Json(writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartArray("contracts");
                foreach (var contract in contracts)
                {
                    ContractResult.Write(writer, contract);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            });
            return ExitCodes.Done;
        });
    }

    private static Command Show()
    {
        var topic = Topic("topic");
        return CommonOptions.Attach(new FriendlyCommand("show", "Shows the contract of a topic.") { topic }, async (context, cancellation) =>
        {
            using var registry = context.OpenRegistry();
            if (await registry.GetContractAsync(context.Get(topic), cancellation) is not { } contract)
            {
                await RequireContractsAsync(registry, cancellation);
                throw ErrorCatalog.ContractUnknown.Exception($"Topic '{context.Get(topic)}' has no contract.");
            }

            ContractResult.Tell(context, contract);
            return ExitCodes.Done;
        });
    }

    private static Command Bind()
    {
        var topic = Topic("topic");
        var slots = new SlotOptions();
        var command = slots.AddTo(new FriendlyCommand("bind", "Binds the types of a topic, once and for ever. The same again is no change.") { topic });
        return CommonOptions.Attach(command, async (context, cancellation) =>
        {
            var contract = slots.Contract(context, context.Get(topic));
            using var registry = context.OpenRegistry();
            ContractResult.Tell(context, await registry.PutContractAsync(contract, cancellation) ?? throw NotOffered(registry));
            return ExitCodes.Done;
        });
    }

    private static Command Successor()
    {
        var (from, to) = (Topic("topic"), Topic("successor"));
        var slots = new SlotOptions();
        var command = slots.AddTo(new FriendlyCommand(
            "successor", "Binds the types of a new topic that takes the place of another, whose own types never change.") { from, to });
        return CommonOptions.Attach(command, async (context, cancellation) =>
        {
            var contract = slots.Contract(context, context.Get(to));
            using var registry = context.OpenRegistry();
            ContractResult.Tell(context, await registry.PutSuccessorAsync(context.Get(from), contract, cancellation) ?? throw NotOffered(registry));
            context.Output.Note($"Bring the records over with `schemastream topics migrate {context.Get(from)} {context.Get(to)}`.");
            return ExitCodes.Done;
        });
    }

    private static Argument<string> Topic(string name) => new(name) { Description = name == "topic" ? "The topic" : "The new topic" };

    private static async Task RequireContractsAsync(RegistryClient registry, CancellationToken cancellationToken)
    {
        if (!await registry.OffersContractsAsync(cancellationToken))
        {
            throw NotOffered(registry);
        }
    }

    private static CliException NotOffered(RegistryClient registry) => ErrorCatalog.ContractUnknown.Exception(
        $"{registry.Address} offers no contracts, or does not know the topic.", nextStep: "Use a registry of SchemaStream: `schemastream up` starts one.");

    /// <summary>What a key and a value are to be.</summary>
    private sealed class SlotOptions
    {
        private readonly Option<string?> _key = new("--key") { Description = $"What keys are: {SlotText.Forms}", HelpName = "FORM" };
        private readonly Option<string?> _value = new("--value") { Description = "What values are, in the same words", HelpName = "FORM" };
        private readonly Option<string?> _keySubject = new("--key-subject") { Description = "The subject of the keys' schemas (default: TOPIC-key)", HelpName = "SUBJECT" };
        private readonly Option<string?> _valueSubject = new("--value-subject") { Description = "The subject of the values' schemas (default: TOPIC-value)", HelpName = "SUBJECT" };
        private readonly Option<bool> _frozen = new("--freeze-value") { Description = "The values' first schema is the only one; keys are so anyway" };

        public Command AddTo(Command command)
        {
            command.Options.Add(_key);
            command.Options.Add(_value);
            command.Options.Add(_keySubject);
            command.Options.Add(_valueSubject);
            command.Options.Add(_frozen);
            command.Validators.Add(result =>
            {
                if (result.GetResult(_key) is null && result.GetResult(_value) is null)
                {
                    result.AddError("--key, --value or both are expected.");
                }
            });
            return command;
        }

        public TopicContract Contract(CommandContext context, string topic) => new(
            topic,
            context.Get(_key) is { } key ? SlotText.Read("--key", key, context.Get(_keySubject), isFrozen: false) : null,
            context.Get(_value) is { } value ? SlotText.Read("--value", value, context.Get(_valueSubject), context.Get(_frozen)) : null);
    }
}
