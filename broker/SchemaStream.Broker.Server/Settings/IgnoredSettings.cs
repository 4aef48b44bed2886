using System.Collections.Frozen;

namespace SchemaStream.Broker.Server.Settings;

/// <summary>
/// Settings of Kafka that stand in files made for it and have nothing to set here: threads and buffers that this broker
/// does not have, coordinators it does not run. They are taken, and named once, so that such a file starts a broker.
/// </summary>
public static class IgnoredSettings
{
    private static readonly FrozenSet<string> Names = new[]
    {
        "background.threads",
        "controller.quorum.append.linger.ms",
        "controller.quorum.election.backoff.max.ms",
        "controller.quorum.request.timeout.ms",
        "controller.quorum.retry.backoff.ms",
        "controller.socket.timeout.ms",
        "group.consumer.max.heartbeat.interval.ms",
        "group.consumer.max.session.timeout.ms",
        "group.consumer.min.heartbeat.interval.ms",
        "group.consumer.min.session.timeout.ms",
        "group.coordinator.rebalance.protocols",
        "group.coordinator.threads",
        "initial.broker.registration.timeout.ms",
        "inter.broker.protocol.version",
        "log.flush.offset.checkpoint.interval.ms",
        "log.flush.start.offset.checkpoint.interval.ms",
        "log.message.downconversion.enable",
        "log.message.format.version",
        "message.downconversion.enable",
        "metadata.log.segment.bytes",
        "metadata.log.segment.ms",
        "metadata.max.idle.interval.ms",
        "metadata.max.retention.bytes",
        "metadata.max.retention.ms",
        "metric.reporters",
        "metrics.num.samples",
        "metrics.recording.level",
        "metrics.sample.window.ms",
        "num.io.threads",
        "num.network.threads",
        "num.recovery.threads.per.data.dir",
        "num.replica.alter.log.dirs.threads",
        "num.replica.fetchers",
        "offsets.load.buffer.size",
        "offsets.topic.compression.codec",
        "queued.max.requests",
        "replica.socket.receive.buffer.bytes",
        "share.coordinator.state.topic.min.isr",
        "share.coordinator.state.topic.num.partitions",
        "share.coordinator.state.topic.replication.factor",
        "socket.receive.buffer.bytes",
        "socket.send.buffer.bytes",
        "transaction.abort.timed.out.transaction.cleanup.interval.ms",
        "transaction.state.log.load.buffer.size",
        "zookeeper.connect",
        "zookeeper.connection.timeout.ms",
        "zookeeper.session.timeout.ms",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool Contains(string key) => Names.Contains(key);
}
