using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Commands;

/// <summary>Takes back implicit claims whose schema never came: the leader that made them ended between the two logs.</summary>
/// <remarks>
/// A claim is written before its schema, in another log, so only the newest ones can be torn. They are known by their
/// subjects holding nothing. After an hour a claim stays whatever its subject holds: then a schema was there, and deleted.
/// </remarks>
public sealed record WithdrawTornClaims : IRegistryCommand<IReadOnlyList<string>>
{
    private static readonly TimeSpan LongestTorn = TimeSpan.FromHours(1);

    public Decision<IReadOnlyList<string>> Decide(RegistryImage image, RegistryRules rules, DateTimeOffset now)
    {
        var newest = image.Contracts.ByTopic.Values
            .SelectMany(Slots)
            .Select(slot => slot.Since)
            .DefaultIfEmpty(DateTimeOffset.MinValue)
            .Max();
        if (newest < now - LongestTorn)
        {
            return new(Outcome.Of<IReadOnlyList<string>>([]));
        }

        var torn = image.Contracts.ByTopic.Values
            .Where(contract => Slots(contract).All(slot => IsTorn(image, slot, newest)))
            .Select(contract => contract.Topic)
            .Order(StringComparer.Ordinal)
            .ToList();
        return new(
            Outcome.Of<IReadOnlyList<string>>(torn),
            torn.ConvertAll<RegistryRecord>(topic => new UnbindRecord(topic, now, "registry: its schema was never written")));
    }

    private static IEnumerable<BoundSlot> Slots(ContractImage contract) => new[] { contract.Key, contract.Value }.OfType<BoundSlot>();

    private static bool IsTorn(RegistryImage image, BoundSlot slot, DateTimeOffset newest) =>
        slot.Binding == ContractBinding.Implicit
        && slot.Since == newest
        && slot.Contract.Subject is { } subject
        && image.Subject(Subject.Parse(subject)).Versions.IsEmpty;
}
