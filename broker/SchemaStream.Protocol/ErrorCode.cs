namespace SchemaStream.Protocol;

/// <summary>The outcome of a request, or of a part of one, as it travels. Complete up to Kafka 4.2.</summary>
public enum ErrorCode : short
{
    /// <summary>The server met an error that no other code describes.</summary>
    UnknownServerError = -1,
    /// <summary>No error.</summary>
    None = 0,
    /// <summary>The offset is not between the log start offset and the log end offset.</summary>
    OffsetOutOfRange = 1,
    /// <summary>A batch failed its checksum, has a size that cannot be, or lacks a key on a compacted topic.</summary>
    CorruptMessage = 2,
    /// <summary>The broker has no such topic or partition.</summary>
    UnknownTopicOrPartition = 3,
    /// <summary>The fetch size cannot be.</summary>
    InvalidFetchSize = 4,
    /// <summary>The partition has no leader at the moment.</summary>
    LeaderNotAvailable = 5,
    /// <summary>The broker is not the leader (or, where any replica serves, not a replica) of the partition.</summary>
    NotLeaderOrFollower = 6,
    /// <summary>The time for the request ran out.</summary>
    RequestTimedOut = 7,
    /// <summary>The broker cannot be reached.</summary>
    BrokerNotAvailable = 8,
    /// <summary>The replica is not there for the partition.</summary>
    ReplicaNotAvailable = 9,
    /// <summary>A batch is larger than the broker accepts.</summary>
    MessageTooLarge = 10,
    /// <summary>The controller is another one now.</summary>
    StaleControllerEpoch = 11,
    /// <summary>The text committed with an offset is too long.</summary>
    OffsetMetadataTooLarge = 12,
    /// <summary>The connection broke before the response.</summary>
    NetworkException = 13,
    /// <summary>The coordinator is still loading its state.</summary>
    CoordinatorLoadInProgress = 14,
    /// <summary>There is no coordinator at the moment.</summary>
    CoordinatorNotAvailable = 15,
    /// <summary>The broker is not the coordinator of the group or transaction.</summary>
    NotCoordinator = 16,
    /// <summary>The topic's name is invalid, or the operation is not for this topic.</summary>
    InvalidTopicException = 17,
    /// <summary>The batches are larger than a segment.</summary>
    RecordListTooLarge = 18,
    /// <summary>Nothing was written: fewer replicas are in sync than min.insync.replicas.</summary>
    NotEnoughReplicas = 19,
    /// <summary>Written, but to fewer in-sync replicas than min.insync.replicas.</summary>
    NotEnoughReplicasAfterAppend = 20,
    /// <summary>acks is none of -1, 0, 1.</summary>
    InvalidRequiredAcks = 21,
    /// <summary>The generation is not the group's.</summary>
    IllegalGeneration = 22,
    /// <summary>The member shares no protocol with the group, or brought none.</summary>
    InconsistentGroupProtocol = 23,
    /// <summary>The group id is invalid.</summary>
    InvalidGroupId = 24,
    /// <summary>The coordinator does not know the member.</summary>
    UnknownMemberId = 25,
    /// <summary>The session timeout is outside what the broker allows.</summary>
    InvalidSessionTimeout = 26,
    /// <summary>The group rebalances: the member has to join again.</summary>
    RebalanceInProgress = 27,
    /// <summary>The committed data has a size that cannot be.</summary>
    InvalidCommitOffsetSize = 28,
    /// <summary>Not authorized for the topic.</summary>
    TopicAuthorizationFailed = 29,
    /// <summary>Not authorized for the group.</summary>
    GroupAuthorizationFailed = 30,
    /// <summary>Not authorized for the cluster.</summary>
    ClusterAuthorizationFailed = 31,
    /// <summary>A timestamp is outside what the topic accepts.</summary>
    InvalidTimestamp = 32,
    /// <summary>The SASL mechanism is not offered.</summary>
    UnsupportedSaslMechanism = 33,
    /// <summary>The request does not fit the state of authentication.</summary>
    IllegalSaslState = 34,
    /// <summary>The version of the API is not supported.</summary>
    UnsupportedVersion = 35,
    /// <summary>The topic exists already.</summary>
    TopicAlreadyExists = 36,
    /// <summary>The number of partitions cannot be.</summary>
    InvalidPartitions = 37,
    /// <summary>The replication factor is below one or above the number of brokers.</summary>
    InvalidReplicationFactor = 38,
    /// <summary>The assignment of replicas cannot be.</summary>
    InvalidReplicaAssignment = 39,
    /// <summary>A setting is invalid.</summary>
    InvalidConfig = 40,
    /// <summary>The broker is not the controller.</summary>
    NotController = 41,
    /// <summary>The request contradicts itself or the protocol.</summary>
    InvalidRequest = 42,
    /// <summary>The format of the messages does not allow the request.</summary>
    UnsupportedForMessageFormat = 43,
    /// <summary>A policy of the broker refuses the request.</summary>
    PolicyViolation = 44,
    /// <summary>The producer's sequence has a gap.</summary>
    OutOfOrderSequenceNumber = 45,
    /// <summary>The producer's sequence number was seen before.</summary>
    DuplicateSequenceNumber = 46,
    /// <summary>The producer's epoch is old.</summary>
    InvalidProducerEpoch = 47,
    /// <summary>The transaction is not in a state for this.</summary>
    InvalidTxnState = 48,
    /// <summary>The producer id does not belong to the transactional id.</summary>
    InvalidProducerIdMapping = 49,
    /// <summary>The transaction timeout is above what the broker allows.</summary>
    InvalidTransactionTimeout = 50,
    /// <summary>Another operation on the same transaction is under way.</summary>
    ConcurrentTransactions = 51,
    /// <summary>The sender is no longer the coordinator of the transaction.</summary>
    TransactionCoordinatorFenced = 52,
    /// <summary>Not authorized for the transactional id.</summary>
    TransactionalIdAuthorizationFailed = 53,
    /// <summary>Security features are off.</summary>
    SecurityDisabled = 54,
    /// <summary>Nothing was tried, because another part of the request failed.</summary>
    OperationNotAttempted = 55,
    /// <summary>The log could not be read or written.</summary>
    KafkaStorageError = 56,
    /// <summary>The log directory is not among the broker's.</summary>
    LogDirNotFound = 57,
    /// <summary>Authentication failed.</summary>
    SaslAuthenticationFailed = 58,
    /// <summary>The broker has no state of the producer.</summary>
    UnknownProducerId = 59,
    /// <summary>A reassignment of the partition is under way.</summary>
    ReassignmentInProgress = 60,
    /// <summary>Delegation tokens are off.</summary>
    DelegationTokenAuthDisabled = 61,
    /// <summary>There is no such delegation token.</summary>
    DelegationTokenNotFound = 62,
    /// <summary>The principal neither owns nor may renew the token.</summary>
    DelegationTokenOwnerMismatch = 63,
    /// <summary>Delegation tokens are not given out on this kind of connection.</summary>
    DelegationTokenRequestNotAllowed = 64,
    /// <summary>Not authorized for the delegation token.</summary>
    DelegationTokenAuthorizationFailed = 65,
    /// <summary>The delegation token has expired.</summary>
    DelegationTokenExpired = 66,
    /// <summary>The type of principal is not supported.</summary>
    InvalidPrincipalType = 67,
    /// <summary>The group still has members.</summary>
    NonEmptyGroup = 68,
    /// <summary>There is no such group.</summary>
    GroupIdNotFound = 69,
    /// <summary>There is no such fetch session.</summary>
    FetchSessionIdNotFound = 70,
    /// <summary>The epoch is not the fetch session's.</summary>
    InvalidFetchSessionEpoch = 71,
    /// <summary>The leader has no listener of the name used here.</summary>
    ListenerNotFound = 72,
    /// <summary>Topics cannot be deleted here.</summary>
    TopicDeletionDisabled = 73,
    /// <summary>The leader epoch of the request is older than the broker's.</summary>
    FencedLeaderEpoch = 74,
    /// <summary>The leader epoch of the request is newer than the broker's.</summary>
    UnknownLeaderEpoch = 75,
    /// <summary>The client cannot read the partition's compression.</summary>
    UnsupportedCompressionType = 76,
    /// <summary>The broker epoch is not the current one.</summary>
    StaleBrokerEpoch = 77,
    /// <summary>The new leader's high watermark has not caught up yet.</summary>
    OffsetNotAvailable = 78,
    /// <summary>The member has to join again with the member id given.</summary>
    MemberIdRequired = 79,
    /// <summary>The preferred leader is not there.</summary>
    PreferredLeaderNotAvailable = 80,
    /// <summary>The group is full.</summary>
    GroupMaxSizeReached = 81,
    /// <summary>Another member has taken the static instance id.</summary>
    FencedInstanceId = 82,
    /// <summary>No replica may become leader.</summary>
    EligibleLeadersNotAvailable = 83,
    /// <summary>The leader is already the one to be elected.</summary>
    ElectionNotNeeded = 84,
    /// <summary>There is no reassignment of the partition.</summary>
    NoReassignmentInProgress = 85,
    /// <summary>The group is subscribed to the topic.</summary>
    GroupSubscribedToTopic = 86,
    /// <summary>A record was refused.</summary>
    InvalidRecord = 87,
    /// <summary>Offsets of an open transaction are pending.</summary>
    UnstableOffsetCommit = 88,
    /// <summary>The quota is used up.</summary>
    ThrottlingQuotaExceeded = 89,
    /// <summary>A newer producer with the same transactional id exists.</summary>
    ProducerFenced = 90,
    /// <summary>There is no such resource.</summary>
    ResourceNotFound = 91,
    /// <summary>The request names a resource twice.</summary>
    DuplicateResource = 92,
    /// <summary>The credential does not meet the rules.</summary>
    UnacceptableCredential = 93,
    /// <summary>Sender or receiver is not a voter.</summary>
    InconsistentVoterSet = 94,
    /// <summary>The version of the update cannot be.</summary>
    InvalidUpdateVersion = 95,
    /// <summary>The features could not be updated.</summary>
    FeatureUpdateFailed = 96,
    /// <summary>The principal of a forwarded request could not be read.</summary>
    PrincipalDeserializationFailure = 97,
    /// <summary>There is no such snapshot.</summary>
    SnapshotNotFound = 98,
    /// <summary>The position is outside the snapshot.</summary>
    PositionOutOfRange = 99,
    /// <summary>The broker has no topic with this id.</summary>
    UnknownTopicId = 100,
    /// <summary>The broker id is in use.</summary>
    DuplicateBrokerRegistration = 101,
    /// <summary>The broker id is not registered.</summary>
    BrokerIdNotRegistered = 102,
    /// <summary>The topic id is not the log's.</summary>
    InconsistentTopicId = 103,
    /// <summary>The cluster id is not this cluster's.</summary>
    InconsistentClusterId = 104,
    /// <summary>There is no such transactional id.</summary>
    TransactionalIdNotFound = 105,
    /// <summary>The fetch session mixes topic ids and names.</summary>
    FetchSessionTopicIdError = 106,
    /// <summary>A replica may not join the ISR.</summary>
    IneligibleReplica = 107,
    /// <summary>The partition changed, and with it the leader.</summary>
    NewLeaderElected = 108,
    /// <summary>The offset is in tiered storage.</summary>
    OffsetMovedToTieredStorage = 109,
    /// <summary>The member's epoch is fenced: it gives up its partitions and joins again.</summary>
    FencedMemberEpoch = 110,
    /// <summary>The static instance id is still in use by another member.</summary>
    UnreleasedInstanceId = 111,
    /// <summary>The assignor, or its version, is not supported by the group.</summary>
    UnsupportedAssignor = 112,
    /// <summary>The member's epoch is old: it learns the new one by its next heartbeat.</summary>
    StaleMemberEpoch = 113,
    /// <summary>The request went to an endpoint of the wrong type.</summary>
    MismatchedEndpointType = 114,
    /// <summary>The type of endpoint is not supported.</summary>
    UnsupportedEndpointType = 115,
    /// <summary>The controller id is unknown.</summary>
    UnknownControllerId = 116,
    /// <summary>The telemetry subscription is invalid or old.</summary>
    UnknownSubscriptionId = 117,
    /// <summary>The telemetry is larger than the broker accepts.</summary>
    TelemetryTooLarge = 118,
    /// <summary>The controller refuses the broker's registration.</summary>
    InvalidRegistration = 119,
    /// <summary>The transaction cannot go on, but can be aborted and its id used further.</summary>
    TransactionAbortable = 120,
    /// <summary>The state of the record does not allow the acknowledgement.</summary>
    InvalidRecordState = 121,
    /// <summary>There is no such share session.</summary>
    ShareSessionNotFound = 122,
    /// <summary>The epoch is not the share session's.</summary>
    InvalidShareSessionEpoch = 123,
    /// <summary>The state epoch of the share group does not match.</summary>
    FencedStateEpoch = 124,
    /// <summary>The voter key is not the receiver's.</summary>
    InvalidVoterKey = 125,
    /// <summary>The voter is in the set already.</summary>
    DuplicateVoter = 126,
    /// <summary>The voter is not in the set.</summary>
    VoterNotFound = 127,
    /// <summary>The regular expression is invalid.</summary>
    InvalidRegularExpression = 128,
    /// <summary>The client has to look up the cluster's addresses again.</summary>
    RebootstrapRequired = 129,
    /// <summary>The streams topology is invalid.</summary>
    StreamsInvalidTopology = 130,
    /// <summary>The epoch of the streams topology is invalid.</summary>
    StreamsInvalidTopologyEpoch = 131,
    /// <summary>The epoch of the streams topology is old.</summary>
    StreamsTopologyFenced = 132,
    /// <summary>The broker has as many share sessions as it allows.</summary>
    ShareSessionLimitReached = 133,
}
