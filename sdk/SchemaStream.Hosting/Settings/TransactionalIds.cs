namespace SchemaStream.Hosting.Settings;

/// <summary>Two transforms of one transactional id would fence each other: each would end the other's work.</summary>
/// <param name="transforms">The transforms' groups and settings.</param>
internal sealed class TransactionalIds(IReadOnlyList<(string GroupId, PartSettings<TransformSettings> Settings)> transforms) : ISettingsCheck
{
    public IEnumerable<string> Wrong => transforms
        .Where(transform => !string.IsNullOrWhiteSpace(transform.Settings.Value.TransactionalId))
        .GroupBy(transform => transform.Settings.Value.TransactionalId, StringComparer.Ordinal)
        .Where(sharing => sharing.Count() > 1)
        .Select(sharing => $"Transforms:{sharing.Last().GroupId}:TransactionalId is '{sharing.Key}', which another transform of this host has; "
            + "one of its own was expected");
}
