namespace SchemaStream.Administration;

/// <summary>What is asked of brokers besides records.</summary>
internal interface ITopicAdmin : IDisposable
{
    /// <summary>Creates a topic and completes when the controller has it.</summary>
    /// <param name="name">The topic's name.</param>
    /// <param name="specification">What it is made of.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BrokerException">The brokers refuse.</exception>
    Task CreateAsync(string name, TopicSpecification specification, CancellationToken cancellationToken);

    /// <summary>What was set for a topic itself, by Kafka's names; defaults and secrets are not among it.</summary>
    /// <param name="name">The topic's name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BrokerException">The brokers refuse, or none answers.</exception>
    Task<IReadOnlyDictionary<string, string>> SettingsAsync(string name, CancellationToken cancellationToken);

    /// <summary>Asks the brokers who they are.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BrokerException">None answers.</exception>
    Task PingAsync(CancellationToken cancellationToken);
}
