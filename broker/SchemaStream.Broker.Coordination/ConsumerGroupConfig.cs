namespace SchemaStream.Broker.Coordination;

/// <summary>What is set for one consumer group where it is to differ from the broker's settings; null where it is not.</summary>
/// <param name="SessionTimeout">consumer.session.timeout.ms</param>
/// <param name="HeartbeatInterval">consumer.heartbeat.interval.ms</param>
public readonly record struct ConsumerGroupConfig(TimeSpan? SessionTimeout, TimeSpan? HeartbeatInterval);
