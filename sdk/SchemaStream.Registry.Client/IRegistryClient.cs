namespace SchemaStream.Registry.Client;

/// <summary>A schema registry: ours, or any that speaks Confluent's HTTP API.</summary>
/// <remarks>
/// Thread-safe. What cannot change — the schema of an id, the id of a registered schema — is asked for once and then
/// answered from memory. Every method throws <see cref="RegistryException"/> when the registry refuses and
/// <see cref="RegistryUnreachableException"/> when no answer comes.
/// </remarks>
public interface IRegistryClient : IDisposable
{
    /// <summary>Where the registry is.</summary>
    Uri Address { get; }

    /// <summary>Registers a schema under a subject, or finds it there.</summary>
    /// <param name="subject">The subject, such as <c>orders-value</c>.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The schema with its id.</returns>
    ValueTask<RegisteredSchema> RegisterAsync(
        string subject, SchemaDefinition schema, CancellationToken cancellationToken = default);

    /// <summary>The schema of an id that came with a message.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<RegisteredSchema> GetSchemaAsync(int id, CancellationToken cancellationToken = default);

    /// <summary>Looks a schema up under a subject without registering it.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The schema with id and version; null if the subject does not hold it.</returns>
    ValueTask<RegisteredSchema?> FindSchemaAsync(
        string subject, SchemaDefinition schema, CancellationToken cancellationToken = default);

    /// <summary>One version of a subject.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="version">The version, from 1.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The schema; null if there is no such subject or version.</returns>
    ValueTask<RegisteredSchema?> GetVersionAsync(
        string subject, int version, CancellationToken cancellationToken = default);

    /// <summary>The latest version of a subject, as it is now.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The schema; null if there is no such subject.</returns>
    ValueTask<RegisteredSchema?> GetLatestAsync(string subject, CancellationToken cancellationToken = default);

    /// <summary>All schemas that a schema references, directly or not.</summary>
    /// <param name="schema">The referring schema.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The schemas in an order in which each follows what it needs.</returns>
    ValueTask<IReadOnlyList<RegisteredSchema>> GetReferencesAsync(
        RegisteredSchema schema, CancellationToken cancellationToken = default);

    /// <summary>Asks whether a schema could be registered, as the subject's compatibility level has it.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<CompatibilityVerdict> CheckCompatibilityAsync(
        string subject, SchemaDefinition schema, CancellationToken cancellationToken = default);

    /// <summary>The names of all subjects, in order.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<IReadOnlyList<string>> ListSubjectsAsync(CancellationToken cancellationToken = default);

    /// <summary>The versions of a subject, ascending; empty if there is no such subject.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<IReadOnlyList<int>> ListVersionsAsync(string subject, CancellationToken cancellationToken = default);

    /// <summary>The compatibility level in force.</summary>
    /// <param name="subject">The subject; null for the registry's own level.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<CompatibilityLevel> GetCompatibilityAsync(
        string? subject, CancellationToken cancellationToken = default);

    /// <summary>Sets a compatibility level.</summary>
    /// <param name="subject">The subject; null for the registry's own level.</param>
    /// <param name="level">The level.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask SetCompatibilityAsync(
        string? subject, CompatibilityLevel level, CancellationToken cancellationToken = default);

    /// <summary>Whether the registry offers topic contracts; a plain Confluent registry does not.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<bool> OffersContractsAsync(CancellationToken cancellationToken = default);

    /// <summary>The contract of a topic.</summary>
    /// <param name="topic">The topic's name.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The contract; null if the topic has none or the registry offers no contracts.</returns>
    ValueTask<TopicContract?> GetContractAsync(string topic, CancellationToken cancellationToken = default);

    /// <summary>Binds a topic's types. Binding the same again changes nothing; binding others is refused.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The contract as bound; null if the registry offers no contracts.</returns>
    /// <exception cref="RegistryException">
    /// <see cref="RegistryErrorCodes.ContractViolated"/>: the topic is bound to other types.
    /// </exception>
    ValueTask<TopicContract?> PutContractAsync(TopicContract contract, CancellationToken cancellationToken = default);

    /// <summary>Binds the types of a topic that succeeds another, and notes that it does. The same again is no change.</summary>
    /// <param name="topic">The topic that is succeeded.</param>
    /// <param name="successor">The contract of the new topic.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The new topic's contract as bound; null if the registry offers no contracts.</returns>
    /// <exception cref="RegistryException">
    /// <see cref="RegistryErrorCodes.ContractViolated"/>: the topic has another successor, or the new one is bound to other types.
    /// </exception>
    ValueTask<TopicContract?> PutSuccessorAsync(
        string topic, TopicContract successor, CancellationToken cancellationToken = default);

    /// <summary>All contracts, by topic; empty if the registry offers none.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<IReadOnlyList<TopicContract>> ListContractsAsync(CancellationToken cancellationToken = default);
}
