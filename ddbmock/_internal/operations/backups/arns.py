"""The BackupArn of a request, and its backup.

The service identifies a backup by what follows the region: an ARN with another region in it is that
of the backup in the region that is called, and is returned as it was sent.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ddbmock._internal.arns import Arn, partition_of
from ddbmock._internal.engine.backups import backups_of
from ddbmock._internal.errors import AccessDeniedError, BackupNotFoundError, ValidationError
from ddbmock._internal.messages import backups as backup_messages
from ddbmock._internal.messages import transfer as transfer_messages

if TYPE_CHECKING:
    from ddbmock._internal.engine.backend import Region
    from ddbmock._internal.engine.backups import Backup

_BACKUP_ARN = re.compile(r"arn:(?:[^:]*:){4}table/[^/]+/backup/[^/]+")
#: The form of a region's name; there is no list of regions here.
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d+")


def parse_backup_arn(text: str, account_id: str) -> Arn:
    """Return the parts of a backup's ARN.

    Raises:
        ValidationError: It is not the ARN of a backup.
        AccessDeniedError: It is that of another account, or of no region.
    """
    if not _BACKUP_ARN.fullmatch(text):
        raise ValidationError(backup_messages.BACKUP_ARN_INVALID)
    arn = Arn.of(text)
    if not arn.region_name or arn.account_id != account_id:
        raise AccessDeniedError(transfer_messages.ACCESS_IS_DENIED)
    partition = partition_of(arn.region_name)[0]
    is_known = _REGION.fullmatch(arn.region_name) is not None
    if not is_known or arn.service != "dynamodb" or arn.partition != partition:
        raise ValidationError(backup_messages.BACKUP_ARN_NOT_VALID)
    return arn


def find_backup(region: Region, text: str) -> Backup:
    """Return the backup of a region by its ARN.

    Raises:
        BackupNotFoundError: There is none.
    """
    arn = parse_backup_arn(text, region.account_id)
    backup = backups_of(region).records.get(region.arns.resource(arn.resource))
    if backup is None:
        raise BackupNotFoundError(backup_messages.backup_not_found(text))
    return backup
