"""Apache Kafka 4 as one KRaft node on loopback: its jars from Maven Central, its storage formatted on first start."""

import asyncio
import fcntl
import hashlib
import shutil
import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path

from deploy.local import child

POM = Path(__file__).with_name("kafka") / "pom.xml"
JARS = child.PROJECT / "var" / "kafka"
FETCH_SECONDS = 600.0
FORMAT_SECONDS = 60.0

SETTINGS = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
transaction.state.log.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
auto.create.topics.enable=false
num.network.threads=2
num.io.threads=4
log.cleaner.dedupe.buffer.size=4194304
"""

SECURED = """\
listeners=PLAINTEXT://127.0.0.1:{port},SECURED://127.0.0.1:{secured},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},SECURED://127.0.0.1:{secured}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURED:SASL_SSL
ssl.keystore.type=PEM
ssl.keystore.location={certificate}
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512
listener.name.secured.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \
 user_{username}="{password}";
listener.name.secured.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
"""

LOGGING = """\
<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="warn">
  <Appenders><Console name="out"><PatternLayout pattern="%d %p %c: %m%n"/></Console></Appenders>
  <Loggers><Root level="warn"><AppenderRef ref="out"/></Root></Loggers>
</Configuration>
"""


@dataclass(frozen=True, slots=True)
class Secured:
    """A second listener by TLS with sign-in: its port, a PEM file of key and certificate, and the one user of it."""

    port: int
    certificate: Path
    username: str
    password: str


async def broker_command(directory: Path, port: int, secured: Secured | None = None) -> list[str]:
    """The command line of a broker with its data in `directory`, whose jars and storage are made ready first.

    Raises:
        StartError: Java or Maven is missing, or the jars could not be had from Maven Central.
    """
    jars = await fetch_jars()
    settings, logging = _write_settings(directory, port, secured)
    run = [
        *("java", "-Xms128m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
        *(f"-Dlog4j2.configurationFile={logging}", "-cp", f"{jars}/*"),
    ]
    if not _formatted(directory):
        cluster = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        await _run(
            [
                *run,
                "kafka.tools.StorageTool",
                "format",
                f"--cluster-id={cluster}",
                "-c",
                str(settings),
                *_users(secured),
            ],
            directory / "format.log",
            FORMAT_SECONDS,
        )
    return [*run, "kafka.Kafka", str(settings)]


def _users(secured: Secured | None) -> list[str]:
    if secured is None:
        return []
    return ["--add-scram", f"SCRAM-SHA-512=[name={secured.username},password={secured.password}]"]


def _write_settings(directory: Path, port: int, secured: Secured | None) -> tuple[Path, Path]:
    directory.mkdir(parents=True, exist_ok=True)
    settings, logging = directory / "server.properties", directory / "log4j2.xml"
    controller = child.free_port()
    text = SETTINGS.format(port=port, controller=controller, data=directory / "data")
    if secured is not None:  # of two lines for one setting Kafka takes the later
        text += SECURED.format(
            port=port,
            controller=controller,
            secured=secured.port,
            certificate=secured.certificate,
            username=secured.username,
            password=secured.password,
        )
    settings.write_text(text)
    logging.write_text(LOGGING)
    return settings, logging


def _formatted(directory: Path) -> bool:
    return (directory / "data" / "meta.properties").exists()


async def fetch_jars() -> Path:
    """The folder with Kafka's jars, filled through Maven when the project's list of them has changed.

    Raises:
        StartError: Java or Maven is missing, or Maven Central could not be reached.
    """
    if shutil.which("java") is None:
        raise child.StartError("BROKER=apache needs Java 17: apt install openjdk-17-jre-headless maven")
    jars = JARS / hashlib.sha256(POM.read_bytes()).hexdigest()[:12]
    JARS.mkdir(parents=True, exist_ok=True)
    with (JARS / "lock").open("w") as lock:
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        if jars.exists():
            return jars
        maven = shutil.which("mvn")
        if maven is None:
            raise child.StartError("BROKER=apache needs Maven: apt install maven")
        coming = JARS / "coming"
        shutil.rmtree(coming, ignore_errors=True)
        await _run(
            [
                *(maven, "--batch-mode", "-f", str(POM), "dependency:copy-dependencies"),
                *("-DincludeScope=runtime", f"-DoutputDirectory={coming}"),
            ],
            JARS / "maven.log",
            FETCH_SECONDS,
        )
        coming.rename(jars)
    return jars


async def _run(command: list[str], log: Path, seconds: float) -> None:
    process = await child.start(command, log)
    try:
        status = await asyncio.wait_for(process.wait(), seconds)
    except TimeoutError:
        raise child.StartError(f"{command[0]} took more than {seconds:.0f} s; see {log}") from None
    finally:
        await child.stop(process)
    if status != 0:
        raise child.StartError(f"{command[0]} ended with status {status}; see {log}")
