using SchemaStream.Cli.Errors;
using SchemaStream.Registry.Client;

namespace SchemaStream.Cli.Schemas;

/// <summary>Asks a registry for what must be there.</summary>
internal static class RegistryLookup
{
    /// <param name="version">Null: the latest.</param>
    /// <exception cref="CliException">There is no such subject or version.</exception>
    public static async Task<RegisteredSchema> VersionAsync(
        IRegistryClient registry, string subject, int? version, CancellationToken cancellationToken) =>
        (version is { } number
            ? await registry.GetVersionAsync(subject, number, cancellationToken)
            : await registry.GetLatestAsync(subject, cancellationToken))
        ?? throw ErrorCatalog.SubjectUnknown.Exception(
            version is { } missing ? $"Subject '{subject}' has no version {missing}, or is not there." : $"There is no subject '{subject}'.",
            $"{registry.Address} does not hold it.");

    /// <exception cref="CliException">There is no such subject.</exception>
    public static async Task<IReadOnlyList<int>> VersionsAsync(IRegistryClient registry, string subject, CancellationToken cancellationToken) =>
        await registry.ListVersionsAsync(subject, cancellationToken) is { Count: > 0 } versions
            ? versions
            : throw ErrorCatalog.SubjectUnknown.Exception($"There is no subject '{subject}'.", $"{registry.Address} does not hold it.");
}
