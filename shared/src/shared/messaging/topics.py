"""Making the topics: a command, never something that happens by itself."""

from collections.abc import Collection

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaConnectionError, KafkaError, TopicAlreadyExistsError, for_code

from shared.errors import TransferError
from shared.messaging.publisher import BrokerUnavailable

PARTITIONS = 12
_MOST_COPIES = 3


class TopicNotMade(TransferError):
    """The broker refused to make a topic."""


async def provision(
    bootstrap_servers: str, topics: Collection[str], *, partitions: int = PARTITIONS, replication: int | None = None
) -> None:
    """Make those of ``topics`` that are missing; the number of partitions is fixed from then on.

    Without ``replication`` there are three copies, or as many as there are brokers. Raises ``TopicNotMade`` or
    ``BrokerUnavailable``.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    try:
        await admin.start()
        missing = sorted(set(topics) - set(await admin.list_topics()))
        if missing:
            copies = replication or min(_MOST_COPIES, len((await admin.describe_cluster())["brokers"]))
            answer = await admin.create_topics([NewTopic(name, partitions, copies) for name in missing])
            _check(answer.topic_errors)
    except KafkaConnectionError as error:
        raise BrokerUnavailable("the broker does not answer") from error
    finally:
        await admin.close()


def _check(answers: list[tuple[str, int, str]]) -> None:
    for topic, code, *_ in answers:
        error: type[KafkaError] = for_code(code)
        if code != 0 and error is not TopicAlreadyExistsError:
            raise TopicNotMade(f"{topic}: {error.__name__}")
